// SPDX-License-Identifier: GPL-3.0-or-later
import watchWallets from "../../../formulas/bitcoind/watch-wallets.py";
import conf from "../../../salt-templates/bitcoind/watch-wallets.conf.hbs";
import unit from "../../../salt-templates/bitcoind/watch-wallets.service.hbs";
import type { Qube } from "../../model/model.ts";
import type { QubeParts, Unit } from "../../model/parts.ts";
import { sandboxOf } from "../../model/sandbox.ts";
import { CHAINS } from "./chains.ts";
import { needsLegacyWallet } from "./facts.ts";
import { BIN, DATADIR, HOME, linksTo, ownOf, USER } from "./own.ts";

export const CONF = "/usr/local/etc/qwbtc-salt/watch-wallets.conf";
const PROGRAM = "/usr/local/lib/qwbtc-salt/watch-wallets";

/** The Qubes service that switches the unit on, in nodes whose clients keep a wallet in them. */
export const serviceOf = (formula: string) => `${formula}-watch-wallets`;

/** The name of the watch-only wallet that a client keeps in its node: one for each client, by its own name. */
export const watchWallet = (client: Pick<Qube, "name">) => client.name;

/** The unit that makes those wallets: in the template of all nodes, switched on where there are any. `node` is the node's own unit. */
export function watchWalletsUnit(formula: string, node: string): Unit {
  const service = serviceOf(formula);
  return {
    name: `${service}.service`,
    content: {
      template: unit,
      view: {
        formula,
        service,
        node,
        user: USER,
        home: HOME,
        conf: CONF,
        bin: BIN,
        program: PROGRAM,
        sandbox: sandboxOf(DATADIR, { readOnly: true }),
      },
    },
    wantedBy: `${node}.service`,
    why: "Makes the watch-only wallets that clients keep in the node, when the node has started. It runs only where there are such clients.",
  };
}

/** Which watch-only wallets a node must have, and what makes them; nothing where no client keeps one. */
export function watchWalletsParts(node: Qube, formula: string): Pick<QubeParts, "files" | "services" | "absent"> {
  const clients = linksTo(node, "rpc").filter((link) => link.reference.wants?.includes("wallet"));
  if (clients.length === 0)
    return {
      absent: [{ path: CONF, why: "No client keeps a wallet in this node (any more), which then runs without." }],
    };
  const { chain } = ownOf(node);
  const { folder, ports } = CHAINS[chain];
  const wallets = clients.map(({ client }) => ({
    name: watchWallet(client),
    why: `Of ${client.name}, whose settings name it. It knows which addresses are its own, and no key.`,
    ...kindOf(client, chain === "regtest"),
  }));
  const view = {
    qube: node.name,
    port: ports.rpc,
    cookie: `${DATADIR}/${folder === "" ? "" : `${folder}/`}.cookie`,
    wallets,
  };
  const reload = {
    id: "watch-wallets",
    command: `systemctl --no-block start ${serviceOf(formula)}.service`,
    why: "A running node gets the wallets of new clients now; where it does not run, nothing starts.",
  };
  const file = { user: "root", group: "root", dirMode: "0755" };
  return {
    services: [serviceOf(formula)],
    files: [
      {
        ...file,
        path: CONF,
        content: { template: conf, view },
        mode: "0644",
        why: "Which watch-only wallets this node must have.",
        after: [PROGRAM],
        reload,
      },
      {
        ...file,
        path: PROGRAM,
        content: { verbatim: watchWallets },
        mode: "0755",
        why: "Makes the watch-only wallets that are missing.",
      },
    ],
  };
}

function kindOf(client: Qube, regtest: boolean): { kind: string; kindWhy: string; source: string } {
  if (!needsLegacyWallet(client))
    return {
      kind: "descriptors",
      kindWhy: "One of descriptors, without private keys: JoinMarket's are not taken by a wallet that has some.",
      source: "JoinMarket 0.9.12 release notes; Bitcoin Core src/wallet/rpc/backup.cpp, importdescriptors",
    };
  return {
    kind: regtest ? "legacy-with-keys" : "legacy",
    kindWhy: `Of the old kind: JoinMarket ${client.version} knows no other.${regtest ? " With keys, since on regtest it asks the wallet for addresses; they are worth nothing there." : ""}`,
    source: "JoinMarket src/jmclient/blockchaininterface.py; fort-nix/nix-bitcoin modules/joinmarket.nix",
  };
}
