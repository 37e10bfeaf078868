// SPDX-License-Identifier: GPL-3.0-or-later
/** The seed's seven qubes on Whonix 18, on regtest: the topology of examples/seed with that one word changed. */
import { exampleText } from "../compiled.ts";
import { bitcoind, fulcrum, joinmarketd } from "./programs.ts";
import { wholeSystem } from "./whole.ts";

wholeSystem({
  name: "the seed's system on trixie",
  topology: exampleText("seed").replace("chain: main", "chain: regtest"),
  declared: [
    { client: "electrum-client", server: "electrum-server", port: 50001 },
    { client: "electrum-server", server: "bitcoin-server", port: 18443 },
    { client: "electrum-server", server: "bitcoin-server", port: 8433 },
    { client: "joinmarket-client", server: "joinmarket-server", port: 27183 },
    { client: "joinmarket-client", server: "bitcoin-server", port: 18443 },
  ],
  programs: [
    bitcoind("bitcoin-server", "31.1"),
    fulcrum("electrum-server", "2.1.1"),
    joinmarketd("joinmarket-server", "0.9.12"),
    joinmarketd("joinmarket-client", "0.9.12"),
  ],
  offline: ["electrum-server", "electrum-client", "joinmarket-client"],
  behind: { "bitcoin-server": "sys-bitcoin", "joinmarket-server": "sys-joinmarket" },
  wallet: "electrum-client",
  server: "electrum-server",
  node: "bitcoin-server",
});
