// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Whether a v3 onion address is whole: its checksum is of its key, so that of 65536 slips of the finger one passes (Tor rend-spec-v3, ONIONADDRESS). */
export function isOnionAddress(host: string): boolean {
  const [, letters] = /^([a-z2-7]{56})\.onion$/.exec(host) ?? [];
  if (letters === undefined) return false;
  const bytes = fromBase32(letters);
  const [key, checksum, version] = [bytes.subarray(0, 32), bytes.subarray(32, 34), bytes.subarray(34)];
  return version[0] === 3 && checksumOf(key).equals(checksum);
}

/** The two bytes by which an address tells that its key is the one that was meant. */
function checksumOf(key: Uint8Array): Buffer {
  const text = Buffer.concat([Buffer.from(".onion checksum"), key, Buffer.from([3])]);
  return createHash("sha3-256").update(text).digest().subarray(0, 2);
}

/** RFC 4648 base32, in lower case, of whole bytes. */
function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text) {
    held = ((held << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
