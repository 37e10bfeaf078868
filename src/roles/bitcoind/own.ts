// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Link, Qube } from "../../model/model.ts";
import { onionAddress, pinnedIp } from "../../topology/scalars.ts";
import { CHAINS } from "./chains.ts";

/** What people call the chains otherwise. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  mainnet: "Write main.",
  bitcoin: "Write main.",
  testnet: "Write test, Bitcoin Core's own word for testnet3; testnet4 and signet are other chains.",
  testnet3: "Write test, Bitcoin Core's own word for it.",
};

/** The keys of a node beyond those of every qube. */
export const keys = {
  chain: z
    .enum(Object.keys(CHAINS) as (keyof typeof CHAINS)[], {
      error: ({ input }) => (typeof input === "string" ? OTHER_WORDS[input] : undefined),
    })
    .default("main")
    .describe("The block chain of the node; what depends on the node inherits it."),
  phase: z
    .enum(["sync", "steady"])
    .default("sync")
    .describe("`sync` while the chain is being downloaded, `steady` when it is there: sets memory and caches."),
  tor: z
    .enum(["onion-only", "onion-preferred"])
    .default("onion-only")
    .describe(
      "Peers over onion services only; or also others, through Tor exits (needs a `because`: exits see the traffic).",
    ),
  onion: z
    .strictObject({
      p2p: z
        .enum(["ephemeral", "static"])
        .describe(
          "Accept peers over an onion service: one that bitcoind asks its gateway for and whose address changes with every start, or one whose key and address stay on the gateway.",
        ),
      address: onionAddress
        .optional()
        .describe("With `static`: the address, once the gateway has made it, so that peers are told of it."),
      via: z
        .enum(["qrexec", "network"])
        .optional()
        .describe(
          "With `static`: how the gateway reaches the node, over qrexec (the default) or by its pinned address.",
        ),
      ip: pinnedIp.optional().describe("With `via: network`: the address that the node's qube shall have."),
      pow: z.boolean().optional().describe("With `static`: callers must work for a circuit while many call."),
    })
    .optional()
    .describe("Onion services of the node. Absent: nobody connects to it."),
};

/** What a node's own keys hold. */
export type Own = z.infer<z.ZodObject<typeof keys>>;

/** A node's own keys, as the schema above read them. */
export function ownOf({ own }: Pick<Qube, "own">): Own {
  return own as Own;
}

/** 8433 is Fulcrum's example; Core has no port of its own for it. The same on every chain: a qube has one node. */
export const ZMQ_PORT = 8433;

/** The ports of a node's chain. */
export function portsOf(qube: Pick<Qube, "own">) {
  return CHAINS[ownOf(qube).chain].ports;
}

export const USER = "bitcoin";
export const HOME = "/home/bitcoin";
export const DATADIR = "/home/bitcoin/.bitcoin";
export const CONF = `${DATADIR}/bitcoin.conf`;
/** The user's own additions, which bitcoind reads after ours; made once, empty, and never touched again. */
export const OWN_CONF = "bitcoin.conf.local";

/** Where the verified software lies: one folder a program, its `current` a link to the version in use. */
export const PROGRAMS = "/usr/local/lib/qwbtc-salt/bitcoin-core";
export const BIN = `${PROGRAMS}/current/bin`;

/** Seconds that bitcoind is given to write its caches and end (Bitcoin Core contrib/init/bitcoind.service). */
export const STOPS = 600;

/** The Qubes service that switches the node's unit on in a qube; the unit bears the same name. */
export const serviceOf = (formula: string) => `${formula}-bitcoind`;

/** What a client role may ask of the node it names. */
const WANTS = ["txindex", "wallet"] as const;

/** Whether a client asks for something. */
export function wanted(qube: Pick<Qube, "serves">, want: (typeof WANTS)[number]): boolean {
  return qube.serves.some((link) => link.reference.wants?.includes(want));
}

/** The links by which other qubes use a service of a node. */
export function linksTo(qube: Qube, service: "rpc" | "zmq" | "p2p"): readonly Link[] {
  return qube.serves.filter((link) => link.service === service);
}

/** Whether a qube runs a node itself, and does not only forward to one elsewhere. */
export function isNode({ role, own }: Qube): boolean {
  return role.name === "bitcoind" && own["remote"] === undefined;
}
