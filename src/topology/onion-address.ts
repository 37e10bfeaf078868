// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Whether the last characters of a v3 onion address are the checksum of the others: a mistyped one is not (rend-spec-v3, section 6). */
export function isWhole(address: string): boolean {
  const bits = Array.from(address.slice(0, 56), (one) => ALPHABET.indexOf(one).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 2)));
  const key = bytes.subarray(0, 32);
  const hash = createHash("sha3-256").update(".onion checksum").update(key).update(Buffer.of(3)).digest();
  return hash.subarray(0, 2).equals(bytes.subarray(32, 34));
}
