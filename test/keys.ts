// SPDX-License-Identifier: GPL-3.0-or-later
/** Made-up keys and addresses that are valid in form, the same in every run. */
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/** A valid v3 onion address of 32 bytes (rend-spec-v3: key, checksum, version 3). */
export function onionOf(seed: number): string {
  const key = createHash("sha256").update(String(seed)).digest();
  const sum = createHash("sha3-256")
    .update(Buffer.concat([Buffer.from(".onion checksum"), key, Buffer.from([3])]))
    .digest();
  return `${base32(Buffer.concat([key, sum.subarray(0, 2), Buffer.from([3])]))}.onion`;
}

/** Base32 of RFC 4648 in lower case, without padding. */
function base32(bytes: Buffer): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((one) => "abcdefghijklmnopqrstuvwxyz234567"[Number.parseInt(one.padEnd(5, "0"), 2)]).join("");
}

/** A client's public key for an onion service: base32 of the public half of an x25519 pair. */
export function clientKeyOf(seed: number): string {
  // PKCS#8 of a private key (RFC 8410).
  const der = Buffer.concat([
    Buffer.from("302e020100300506032b656e04220420", "hex"),
    createHash("sha256").update(`key ${seed}`).digest(),
  ]);
  const pair = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  return base32(pair.export({ format: "der", type: "spki" }).subarray(-32)).toUpperCase();
}
