// SPDX-License-Identifier: GPL-3.0-or-later
import daemon11on311 from "../../formulas/joinmarket/joinmarket-0.9.11-daemon-python3.11.lock";
import daemon12on311 from "../../formulas/joinmarket/joinmarket-0.9.12-daemon-python3.11.lock";
import daemon12on313 from "../../formulas/joinmarket/joinmarket-0.9.12-daemon-python3.13.lock";
import wallet11on311 from "../../formulas/joinmarket/joinmarket-0.9.11-wallet-python3.11.lock";
import wallet12on311 from "../../formulas/joinmarket/joinmarket-0.9.12-wallet-python3.11.lock";
import wallet12on313 from "../../formulas/joinmarket/joinmarket-0.9.12-wallet-python3.13.lock";
import type { WantedFile } from "./recipe.ts";

/** The two halves of JoinMarket, which need different libraries. */
export type Half = "daemon" | "wallet";

/** The libraries of one half: what pip is given, and the files that it names. */
export interface Lock {
  readonly text: string;
  readonly wheels: readonly WantedFile[];
}

/**
 * By version, half and Python. Made by scripts/joinmarket-lock.js. Absent: 0.9.8, of whose libraries two (pyaes and urldecode) are published as source
 * alone.
 */
const TEXTS: Readonly<Record<string, string>> = {
  "0.9.12 daemon 3.13": daemon12on313,
  "0.9.12 wallet 3.13": wallet12on313,
  "0.9.12 daemon 3.11": daemon12on311,
  "0.9.12 wallet 3.11": wallet12on311,
  "0.9.11 daemon 3.11": daemon11on311,
  "0.9.11 wallet 3.11": wallet11on311,
};

/** Those that were read, since each is asked for many times. */
const locks = new Map<string, Lock>();

/** The libraries of a half of a version for a Python such as `3.13`; nothing where they are not known. */
export function lockOf(version: string, half: Half, python: string): Lock | undefined {
  const key = `${version} ${half} ${python}`;
  const text = TEXTS[key];
  if (text !== undefined && !locks.has(key)) locks.set(key, { text, wheels: wheelsOf(text) });
  return locks.get(key);
}

const LINE =
  /^[a-z0-9-]+==[0-9a-z.]+ --hash=sha256:([0-9a-f]{64}) {2}# ([A-Za-z0-9_.]+-[0-9a-z.]+(?:-[a-z0-9_.]+){3}\.whl)$/;

/** The wheels of a lock, each with its digest. */
function wheelsOf(text: string): WantedFile[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, sha256, file] = LINE.exec(line) ?? [];
      if (sha256 === undefined || file === undefined) throw new Error(`no line of a lock: ${line}`);
      return { file, sha256 };
    });
}

/** Whether a text is one of these lists. */
export function isKnownLock(text: string): boolean {
  return Object.values(TEXTS).includes(text);
}
