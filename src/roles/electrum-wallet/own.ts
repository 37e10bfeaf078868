// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainName } from "../bitcoind/chains.ts";
import { WORDS } from "./facts.ts";

const FOLDER = "/home/user/.electrum";

/** Electrum's folder of a chain, with its file and wallets. */
export function folderOf(chain: ChainName): string {
  return chain === "main" ? FOLDER : `${FOLDER}/${WORDS[chain]}`;
}

/** Electrum's folder, whatever the chain. */
export const HOME_FOLDER = FOLDER;

/** Where a verified Electrum of another version than Debian's lies, and what our command reads. */
export const PROGRAMS = "/usr/local/lib/qwbtc-salt/electrum";
