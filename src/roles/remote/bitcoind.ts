// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Role } from "../../model/role.ts";
import { bitcoinCore } from "../../software/bitcoin-core.ts";
import { HTTP_GET } from "../../whonix/probe.ts";
import { clientsOf } from "../bitcoind/facts.ts";
import { chainServed, type ChainName } from "../bitcoind/chains.ts";
import { keys, portsOf, wanted } from "../bitcoind/own.ts";
import { nodeHellos } from "../bitcoind/probe.ts";
import { nodeAllows } from "../bitcoind/trust.ts";
import { joinmarketWallets } from "../bitcoind/rules/joinmarket-wallets.ts";
import { forwarder } from "./forwarder.ts";
import { placeOf } from "./own.ts";
import type { There } from "./runbook.ts";

/** A node elsewhere: as an onion service of its own. */
export const bitcoindElsewhere: NonNullable<Role["elsewhere"]> = {
  onion: forwarder("onion", {
    name: "bitcoind",
    summary: "Stands for a node of yours elsewhere: forwards its RPC, which is an onion service there.",
    program: bitcoinCore,
    keys,
    rules: [joinmarketWallets],
    hellos: () => nodeHellos,
    services: (qube) => ({ rpc: portsOf(qube).rpc }),
    there,
    allows: nodeAllows,
  }),
  lan: "its RPC is plain HTTP with a password, which every device on the way could read and use; make it an onion service where it runs",
};

/** What the node must be told for its clients here: their passwords' hashes, and what each may call. */
function there(qube: Qube): There {
  const clients = clientsOf(qube);
  const names = clients.map(({ name }) => name);
  const conf = [
    "# in its bitcoin.conf, above any line in brackets",
    "server=1",
    ...(wanted(qube, "txindex") ? ["txindex=1"] : []),
    ...(wanted(qube, "wallet") ? ["disablewallet=0"] : []),
    "rpcwhitelistdefault=0",
    ...names.map((name) => `rpcauth=${name}:SALT$HASH`),
    ...clients.map(({ name, methods }) => `rpcwhitelist=${name}:${methods.join(",")}`),
  ];
  return {
    what: "a node of yours",
    hello: { line: HTTP_GET, answer: "A line with 405: the node answers (it wants a POST)." },
    setUp: [
      {
        title: `An rpcauth line for each client of ${qube.name}: ${names.join(", ")}`,
        where: "dom0",
        command: "sudo ./rotate-secrets --elsewhere",
        text: `install.sh printed it when it took or made the password; this prints it again, each time with a salt of its own: any of them is right. It holds a salted hash and may be carried to the other machine; the password stays in dom0.`,
      },
      {
        title: `The node that ${qube.name} stands for`,
        where: placeOf(qube),
        command: conf.join("\n"),
        text: `${section(chainServed(qube))}With the rpcauth lines of the step before. Write neither rpcbind nor rpcallowip: RPC then listens on the loopback alone, and its tor brings the calls. Each client has a list of what its program calls and may call nothing else; a method that is missing stops the client. One line a user: several would allow only what is in all of them. When a client leaves, its rpcauth line must be removed here as well as its list: a user without a list could call everything. Then restart it.`,
      },
    ],
  };
}

/** Which chain, where it is not the one that everybody has. */
function section(chain: ChainName): string {
  return chain === "main" ? "" : `It runs the chain ${chain}. `;
}
