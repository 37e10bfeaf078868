// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Qube } from "../../model/model.ts";
import { atLeast } from "../../software/program.ts";
import type { Exposure } from "../../model/role.ts";
import { inCOrder } from "../../kernel/tree.ts";
import { clientKey, clientName, qubeName } from "../../topology/scalars.ts";

/** The port that wallets find by default (Electrum lib/constants; the same on every chain). */
export const ELECTRUM_PORT = 50001;

/** The keys of a server beyond those of every qube. */
export const keys = {
  phase: z
    .enum(["sync", "steady"])
    .default("sync")
    .describe("`sync` while the index is being made, `steady` when it is there: sets memory and caches."),
  onion: z
    .strictObject({
      gateway: qubeName.describe("The gateway of this topology that holds the onion service's key."),
      clients: z
        .record(clientName, clientKey)
        .refine((clients) => Object.keys(clients).length > 0, { error: "expected a client at least" })
        .transform((clients) => Object.fromEntries(Object.entries(clients).toSorted(([a], [b]) => inCOrder(a, b))))
        .optional()
        .describe("Who may use it: names of your own, each with that client's public key."),
      public: z
        .literal(true, { error: "expected true, or no such key" })
        .optional()
        .describe("Whoever knows its address may use it (needs a `because`)."),
      port: z
        .int({ error: "expected a port" })
        .min(1)
        .max(65535)
        .default(ELECTRUM_PORT)
        .describe("The port at which it is dialled."),
      pow: z.boolean().optional().describe("Callers must work for a circuit while many call."),
    })
    .optional()
    .describe("An onion service for wallets that are elsewhere. Absent: it serves qubes of this machine only."),
};

/** A server's own keys, as the schema above read them. */
export function ownOf({ own }: Pick<Qube, "own">): z.infer<z.ZodObject<typeof keys>> {
  return own as z.infer<z.ZodObject<typeof keys>>;
}

/** Whether a qube runs a server itself, and does not only forward to one elsewhere. */
export function isServer({ role, own }: Qube): boolean {
  return role.name === "fulcrum" && own["remote"] === undefined;
}

/** What a server offers through a gateway. */
export function exposures(qube: Qube): Exposure[] {
  const { onion } = ownOf(qube);
  if (!onion) return [];
  const { gateway, clients, port, pow } = onion;
  const who = clients ? Object.keys(clients).join(", ") : "everybody who knows the address";
  const why = `${qube.name}, for wallets elsewhere: ${who}.`;
  const name = `${qube.name}-electrum`;
  const service = { name, port, pow: pow === true, why, ...(clients && { clients }) };
  return [{ service: "electrum", gateway, key: "onion", onion: service }];
}

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

/** Seconds that Fulcrum is given to write its database and end: minutes; version 1, killed before, would start its index over (Fulcrum README). */
export const STOPS = 300;

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
