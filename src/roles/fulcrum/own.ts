// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Qube } from "../../model/model.ts";
import { atLeast } from "../../software/program.ts";

/** The keys of a server beyond those of every qube. */
export const keys = {
  phase: z
    .enum(["sync", "steady"])
    .default("sync")
    .describe("`sync` while the index is being made, `steady` when it is there: sets memory and caches."),
};

/** What a server's own keys hold. */
type Own = z.infer<z.ZodObject<typeof keys>>;

/** A server's own keys, as the schema above read them. */
export function ownOf({ own }: Pick<Qube, "own">): Own {
  return own as Own;
}

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

/** Every version's methods on Bitcoin Core (cculianu/Fulcrum issue 138 for 1.8, and its sources). */
const CALLS = [
  "estimatesmartfee",
  "getblock",
  "getblockchaininfo",
  "getblockhash",
  "getnetworkinfo",
  "getrawmempool",
  "getrawtransaction",
  "getzmqnotifications",
  "help",
  "sendrawtransaction",
  "uptime",
];

/** And those that came later, each with the first version that calls it. */
const LATER: Readonly<Record<string, string>> = {
  getblockheader: "1.9.6",
  getmempoolinfo: "2.1",
  submitpackage: "2.1",
};

/**
 * The RPC methods that a server's Fulcrum calls: a missing one is no degraded service, it tears the connection down for good. Those of 2.1.1
 * were found by a full run of node, server and wallet with none refused. `validateaddress` is FulcrumAdmin's alone.
 */
export function callsOf({ version, settings }: Pick<Qube, "version" | "settings">): string[] {
  const later = Object.entries(LATER).filter(([, since]) => atLeast(version, since));
  return [
    ...CALLS,
    ...later.map(([method]) => method),
    ...(settings["admin"] === undefined ? [] : ["validateaddress"]),
  ];
}
