// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Qube } from "../../model/model.ts";
import { releases } from "./releases.ts";

/** The keys of a node beyond those of every qube. */
export const keys = {
  chain: z
    .enum(["main"])
    .default("main")
    .describe("The block chain of the node; what depends on the node inherits it."),
  version: z.enum(releases).default(releases[0]).describe("The version of Bitcoin Core."),
  onion: z
    .strictObject({
      p2p: z
        .enum(["ephemeral"])
        .describe(
          "Accept peers over an onion service that bitcoind asks its gateway for; its address changes with every start.",
        ),
    })
    .optional()
    .describe("Onion services of the node. Absent: nobody connects to it."),
};

/** What a node's own keys hold. */
export type Own = z.infer<z.ZodObject<typeof keys>>;

/** A node's own keys, as the schema above read them. */
export function ownOf(qube: Qube): Own {
  return qube.own as Own;
}

/** The ports of Bitcoin Core's main chain (src/chainparamsbase.cpp, src/kernel/chainparams.cpp); 8433 is Fulcrum's example, Core has no default. */
export const PORTS = { rpc: 8332, zmq: 8433, p2p: 8333, onion: 8334 };

export const USER = "bitcoin";
export const HOME = "/home/bitcoin";
export const DATADIR = "/home/bitcoin/.bitcoin";
export const CONF = `${DATADIR}/bitcoin.conf`;

/** Where the verified software lies: one folder a program, its `current` a link to the version in use. */
export const PROGRAMS = "/usr/local/lib/qwbtc-salt/bitcoin-core";
export const BIN = `${PROGRAMS}/current/bin`;

/** What a client role may ask of the node it names. */
export const WANTS = ["txindex", "wallet"] as const;

/** Whether a client asks for something. */
export function wanted(qube: Qube, want: (typeof WANTS)[number]): boolean {
  return qube.serves.some((link) => link.reference.wants?.includes(want));
}

/** Whether a client uses a service. */
export function used(qube: Qube, service: "rpc" | "zmq"): boolean {
  return qube.serves.some((link) => link.service === service);
}
