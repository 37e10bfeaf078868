// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import { chainServed } from "../bitcoind/chains.ts";
import type { Link, Qube } from "../../model/model.ts";
import { atLeast } from "../../software/program.ts";

/** The keys of a JoinMarket wallet beyond those of every qube. */
export const keys = {
  payjoin: z.boolean().default(false).describe("Whether it pays by PayJoin (BIP78), which takes a port of its own."),
  snicker: z.boolean().default(false).describe("Whether it takes part in SNICKER, which takes a port of its own."),
};

type Own = z.infer<z.ZodObject<typeof keys>>;

/** What a wallet's own keys hold. */
export function ownOf({ own }: Pick<Qube, "own">): Own {
  return own as Own;
}

/** The link of a wallet to one of its servers' services. */
export function linkTo(qube: Qube, service: "rpc" | "daemon"): Link {
  return qube.uses.find((link) => link.service === service) as Link;
}

export const FOLDER = "/home/user/.joinmarket";
export const CONF = `${FOLDER}/joinmarket.cfg`;
export const COOKIE = `${FOLDER}/rpc-cookie`;

/** Every version's methods (src/jmclient/blockchaininterface.py). */
const CALLS = [
  "estimatesmartfee",
  "getaddressesbylabel",
  "getaddressinfo",
  "getbestblockhash",
  "getblock",
  "getblockchaininfo",
  "getblockcount",
  "getblockhash",
  "getblockheader",
  "getmempoolinfo",
  "gettransaction",
  "gettxout",
  "gettxoutproof",
  "getwalletinfo",
  "listaddressgroupings",
  "listlabels",
  "listtransactions",
  "listunspent",
  "listwallets",
  "loadwallet",
  "sendrawtransaction",
  "testmempoolaccept",
  "verifytxoutproof",
];

/**
 * The RPC methods that a wallet's JoinMarket calls as a client: a missing one shuts it down. Found by grep of each version's sources, and of
 * 0.9.12 by a run of maker and wallet with none refused.
 */
export function callsOf(qube: Qube): string[] {
  const { version } = qube;
  return [
    ...CALLS,
    atLeast(version, "0.9.12") ? "importdescriptors" : "importmulti",
    ...(atLeast(version, "0.9.11") ? ["rescanblockchain"] : []),
    // On regtest it asks for an address when it starts, for the blocks that its developers' tests mine (RegtestBitcoinCoreInterface).
    ...(chainServed(qube) === "regtest" ? ["getnewaddress"] : []),
  ];
}
