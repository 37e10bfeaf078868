// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { atLeast } from "../../../software/program.ts";
import { needsLegacyWallet } from "../facts.ts";
import { linksTo } from "../own.ts";

const noOldWallets = message("QB517", {
  severity: "error",
  title: "a wallet's program and its node know no kind of wallet in common",
  say: (wallet: string, node: string, what: string) => `${wallet} and ${node}: ${what}`,
  why: "JoinMarket keeps a watch-only wallet in the node: before 0.9.12 one of the old kind (Berkeley DB), since then one of descriptors. Bitcoin Core 30 has no wallets of the old kind any more.",
  fix: "JoinMarket 0.9.12 with Bitcoin Core 29 or later; an older JoinMarket with Bitcoin Core 23.0 to 29.",
  source: "Bitcoin Core 30.0 release notes; JoinMarket 0.9.12 release notes",
  says: [
    "JoinMarket 0.9.8: JoinMarket currently does not support Bitcoin Core descriptor wallets, use legacy wallet (rpc_wallet_file setting in joinmarket.cfg)",
    "bitcoind 26 to 29: BDB wallet creation is deprecated and will be removed in a future release. In this release it can be re-enabled temporarily with the -deprecatedrpc=create_bdb setting.",
    "JoinMarket 0.9.12, on a wallet with keys: Cannot import descriptor without private keys to a wallet with private keys enabled",
  ],
});

const olderThanNotes = message("QB518", {
  severity: "warning",
  title: "a wallet's program asks for a newer node",
  say: (wallet: string, version: string) =>
    `JoinMarket 0.9.12 in ${wallet} asks for Bitcoin Core 29 or later; the node has ${version}`,
  why: "It was seen to work with 28, but its authors promise nothing before 29.",
  fix: "Choose a newer version of the node.",
  source: "JoinMarket 0.9.12 release notes",
});

const shared = message("QB519", {
  severity: "error",
  title: "two JoinMarket wallets share a node",
  say: (wallet: string, other: string, node: string) =>
    `${wallet} and ${other} both keep their watch-only wallets in ${node}`,
  why: "A list of RPC methods is by user, not by wallet: each of the two can load the other's watch-only wallet, and sees its addresses and balance.",
  fix: "Give one of them a node of its own, or, if both are to know of each other, the reason: because: { shared-node: … }.",
  source: "Bitcoin Core src/httprpc.cpp, rpcwhitelist: per user, not per wallet",
});

/** A JoinMarket wallet and its node know the same kind of wallet; and no two of them share a node by accident. */
export function* joinmarketWallets(model: Model): Iterable<Finding> {
  for (const node of model.qubes.filter((qube) => qube.role.name === "bitcoind")) {
    const wallets = linksTo(node, "rpc").filter((link) => link.reference.wants?.includes("wallet"));
    const [first] = wallets;
    for (const { client, key } of wallets) {
      if (client.role.program?.name !== "JoinMarket") continue;
      const path = [...client.path, key];
      if (needsLegacyWallet(client)) {
        if (atLeast(node.version, "30"))
          yield finding(
            noOldWallets,
            path,
            client.name,
            node.name,
            `JoinMarket ${client.version} needs a wallet of the old kind, and Bitcoin Core ${node.version} has none`,
          );
      } else if (!atLeast(node.version, "28"))
        yield finding(
          noOldWallets,
          path,
          client.name,
          node.name,
          `JoinMarket ${client.version} needs Bitcoin Core 29 or later, and the node has ${node.version}`,
        );
      else if (!atLeast(node.version, "29")) yield finding(olderThanNotes, path, client.name, node.version);
      if (first && client !== first.client)
        yield {
          ...finding(shared, path, client.name, first.client.name, node.name),
          unless: { qube: client, key: "shared-node" },
        };
    }
  }
}
