// SPDX-License-Identifier: GPL-3.0-or-later

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const P = 2n ** 255n - 19n;

/**
 * The u coordinates of small order on Curve25519 and its twist, in every form of 255 bits: 0, 1, the two of order 8, and p - 1; p and p + 1 are
 * other forms of 0 and 1 (libsodium crypto_scalarmult/curve25519/ref10/x25519_ref10.c, has_small_order; RFC 7748, section 6.1).
 */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P - 1n,
  P,
  P + 1n,
]);

/** Whether a shared secret with this public key, 52 characters of base32, is the same whatever the private key: anybody knows it. */
export function isSmallOrder(key: string): boolean {
  const bits = Array.from(key, (one) => ALPHABET.indexOf(one).toString(2).padStart(5, "0")).join("");
  const bytes = (bits.match(/.{8}/g) ?? []).map((one) => BigInt(`0b${one}`));
  const u = bytes.reduceRight((sum, byte) => (sum << 8n) | byte, 0n);
  // X25519 does not look at the topmost bit (RFC 7748, section 5).
  return SMALL_ORDER.has(u & (2n ** 255n - 1n));
}
