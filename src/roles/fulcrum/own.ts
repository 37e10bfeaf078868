// SPDX-License-Identifier: GPL-3.0-or-later
/** The port that wallets find by default (Electrum lib/constants; the same on every chain). */
export const ELECTRUM_PORT = 50001;

export const USER = "fulcrum";
export const HOME = "/home/fulcrum";
export const DATADIR = `${HOME}/.fulcrum`;
export const CONF = `${DATADIR}/fulcrum.conf`;
export const COOKIE = `${DATADIR}/rpc-cookie`;
/** The index, which is the server's to fill. */
export const DATABASE = `${DATADIR}/database`;

/** Where the verified program lies: one folder a program, its `current` a link to the version in use. */
export const PROGRAMS = "/usr/local/lib/qwbtc-salt/fulcrum";
export const BIN = `${PROGRAMS}/current`;

/** The Qubes service that switches the server's unit on in a qube. */
export const serviceOf = (formula: string) => `${formula}-fulcrum`;

/**
 * The RPC methods of Fulcrum 2.1.1 on Bitcoin Core: a missing one is no degraded service, it tears the connection down for good. Found by a
 * full run of node, server and wallet with none refused; `validateaddress` is FulcrumAdmin's alone.
 */
export const CALLS = [
  "estimatesmartfee",
  "getblock",
  "getblockchaininfo",
  "getblockhash",
  "getblockheader",
  "getmempoolinfo",
  "getnetworkinfo",
  "getrawmempool",
  "getrawtransaction",
  "getzmqnotifications",
  "help",
  "sendrawtransaction",
  "submitpackage",
  "uptime",
];
