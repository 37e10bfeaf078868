// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A node, a server, a wallet and a downloader on Whonix 17, on regtest: the topology of examples/node-and-wallet with its platform and chain changed.
 * With QWBTC_BITCOIND and QWBTC_FULCRUM set, node and server are the real ones, and a payment is made and seen.
 */
import path from "node:path";
import { exampleText } from "../compiled.ts";
import { real as realDaemons } from "../real/session.ts";
import { bitcoind, fulcrum, real } from "./programs.ts";
import { wholeSystem } from "./whole.ts";

const { bitcoind: node, fulcrum: server } = realDaemons;
const [standNode, standServer] = [bitcoind("bitcoin-server", "31.1"), fulcrum("electrum-server", "2.1.1")];
const topology = exampleText("node-and-wallet")
  .replace('qubes: "4.3"', 'qubes: "4.2"')
  .replace("whonix: 18", "whonix: 17")
  .replace("role: bitcoind", "role: bitcoind\n    chain: regtest");

wholeSystem({
  name: "a node and a wallet on bookworm",
  topology,
  declared: [
    { client: "electrum-client", server: "electrum-server", port: 50001 },
    { client: "electrum-server", server: "bitcoin-server", port: 18443 },
    { client: "electrum-server", server: "bitcoin-server", port: 8433 },
  ],
  programs:
    node !== undefined && server !== undefined
      ? [
          real(standNode, { "bin/bitcoind": node, "bin/bitcoin-cli": path.join(path.dirname(node), "bitcoin-cli") }),
          real(standServer, { Fulcrum: server }),
        ]
      : [standNode, standServer],
  real: node !== undefined && server !== undefined,
  offline: ["electrum-server", "electrum-client"],
  behind: { "bitcoin-server": "sys-bitcoin", "bitcoin-untrusted": "sys-bitcoin" },
  wallet: "electrum-client",
  server: "electrum-server",
  node: "bitcoin-server",
});
