// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * Whether a v3 onion address is whole: it holds the checksum of its own key, and the version 3, so that of 65536 slips of the finger one passes
 * (Tor rend-spec-v3, ONIONADDRESS).
 */
export function isOnionAddress(host: string): boolean {
  if (!/^[a-z2-7]{56}\.onion$/.test(host)) return false;
  const bits = Array.from(host.slice(0, 56), (one) => ALPHABET.indexOf(one).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 2)));
  const key = bytes.subarray(0, 32);
  const hash = createHash("sha3-256").update(".onion checksum").update(key).update(Buffer.of(3)).digest();
  return bytes[34] === 3 && hash.subarray(0, 2).equals(bytes.subarray(32, 34));
}
