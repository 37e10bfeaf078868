// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Every character that a topology may contain stands in this file. All values are closed sets or patterns of plain ASCII without spaces,
 * quotes, `$`, `{`, `%` or control characters, so that none can mean anything to YAML, Jinja, a shell, systemd or a policy file.
 */
import * as z from "zod";
import { isOnionAddress } from "./onion-address.ts";
import { isSmallOrder } from "./client-key.ts";

const text = (pattern: RegExp, what: string, description: string) =>
  z
    .string({ error: `expected ${what}` })
    .regex(pattern, { error: `expected ${what}`, abort: true })
    .describe(description);

/** A qube's name. Qubes: at most 31 characters, starts with a letter (qubes-core-admin qubes/vm/__init__.py validate_name); dots would end
 * a Salt path segment, so they are not allowed here. */
export const qubeName = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,30}$/,
  "a qube name: a letter, then at most 30 letters, digits, - or _ (no dots)",
  "The name of a qube.",
);

/** Names the formula, its tag, its files and units. Short, because it begins template names of at most 31 characters. topd lower-cases
 * top names and misreads a path that ends in `base` or `user` (qubes-mgmt-salt-base-topd _utils/toputils.py). */
export const formulaName = text(
  /^(?!.*(?:base|user|-)$)[a-z][a-z0-9-]{0,11}$/,
  "a formula name: a lower-case letter, then at most 11 lower-case letters, digits or -, not ending in -, base or user",
  "Names this formula; its tag, policy files, units and template clones carry the name, so that two formulas never collide.",
);

/** Memory in MiB, as qvm-prefs takes it. Below 200 a Whonix qube does not start; above 1 TiB it is a mistake. */
export const memory = z.int({ error: "expected a whole number of MiB" }).min(200).max(1048576);

/** A port on a qube's loopback that a program without root rights may take. */
export const localPort = z.int({ error: "expected a port" }).min(1024).max(65535);

/** Labels of a stock Qubes installation. */
export const label = z.enum(["red", "orange", "yellow", "green", "gray", "blue", "purple", "black"]);

/** A volume's size. Qubes' own parser has no T (qubesadmin.utils.parse_size), so we convert to bytes. */
export const size = text(
  /^(?:[1-9][0-9]{0,6}MiB|[1-9][0-9]{0,4}GiB|[1-9][0-9]?TiB)$/,
  "a size such as 20GiB",
  "A size: digits and MiB, GiB or TiB.",
);

/** A storage pool, as `qvm-pool` lists it. */
export const poolName = text(
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/,
  "the name of a storage pool",
  "A storage pool, as qvm-pool lists it.",
);

/** A feature's name (qubes-core-admin qubes/api/admin.py: `[a-zA-Z0-9_.-]+`). */
export const featureName = text(
  /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
  "a feature name: letters, digits, _ . -",
  "A feature of the qube.",
);

/** A feature's value. Qubes allows all printable ASCII; what shells and templates read as syntax is left out. */
export const featureValue = text(
  /^[A-Za-z0-9._/:-]{0,128}$/,
  "a quoted text of letters, digits and . _ / : -",
  "The feature's value, as text.",
);

/** A tag (qubes-core-admin: `[A-Za-z0-9_-]+`). */
export const tagName = text(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, "a tag: letters, digits, _ and -", "A tag of the qube.");

/** A menu entry: the base name of a desktop file in the qube. */
export const menuItem = text(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,90}\.desktop$/,
  "the name of a .desktop file",
  "A menu entry: the name of a .desktop file in the qube.",
);

/** Prose of the user's, which lands in comments and pages: no quotes, and nothing that any language reads as syntax. */
export const reason = text(
  /^[A-Za-z0-9][A-Za-z0-9 .,;:()/_+-]{5,239}$/,
  "a reason of 6 to 240 plain letters, digits, spaces and . , ; : ( ) / _ + -",
  "Why this departs from a safe default, in your own words; it is shown wherever the departure shows.",
);

/** A v3 onion address: 56 characters of base32, the last of which must be a d (rend-spec-v3, the version byte 3). */
export const onionAddress = text(
  /^[a-z2-7]{55}d\.onion$/,
  "an onion address: 56 characters of a-z and 2-7, then .onion",
  "An onion address.",
).refine((address) => isOnionAddress(address), {
  error: "expected an onion address whose last characters fit the others; this one is mistyped",
});

/** Who may use an onion service: names a file of the gateway's. */
export const clientName = text(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/,
  "a client's name: a letter or digit, then at most 30 letters, digits, - or _",
  "A name of your own for whoever may use the onion service.",
);

/**
 * The public half of an x25519 key pair in base32, without padding. 52 characters are 260 bits: the four behind the key are 0, and so is the
 * key's highest (RFC 7748). tor passes over a file that it cannot read, and takes one of nothing but zeros for no client.
 */
export const clientKey = text(
  /^[A-Z2-7]{49}[ABEFIJMNQRUVYZ45][A-Z2-7][AQ]$/,
  "an x25519 public key: 52 characters of A-Z and 2-7",
  "The client's public key, as the runbook says how to make it; the private one stays with the client.",
).refine((key) => !isSmallOrder(key), {
  error: "expected the public key of a pair; this one is nobody's: with it everybody can compute what the client would",
});

/** An address that a topology pins for a qube: Qubes gives out 10.137.x.y (qubes-core-admin qubes/vm/mix/net.py). */
export const pinnedIp = text(
  /^10\.137\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$/,
  "an address of the form 10.137.x.y",
  "An address of the qube.",
);

/** A v3 onion address, or an IPv4 address of the local network. */
export const remoteHost = text(
  /^(?:[a-z2-7]{56}\.onion|(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9]))$/,
  "an onion address (56 characters and .onion) or an IPv4 address",
  "Where the server is: its onion address, or its IPv4 address on your network.",
);

/** The SHA-256 of a certificate in hexadecimal, as openssl x509 -fingerprint -sha256 prints it, without colons. */
export const fingerprint = text(
  /^[0-9a-f]{64}$/,
  "a SHA-256 fingerprint: 64 lower-case hexadecimal digits, without colons",
  "The SHA-256 fingerprint of the server's certificate.",
);

const unit = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** The bytes of a size such as `20GiB`. */
export function bytesOf(size: string): number {
  return Number(size.slice(0, -3)) * unit[size.slice(-3) as keyof typeof unit];
}

/** A digest of a file that is brought. */
export const sha256Digest = text(
  /^[0-9a-f]{64}$/,
  "a sha256: 64 hex digits in lower case",
  "The digest of the very file that is brought.",
);

/** An OpenPGP primary key. Short forms can be made to match by anybody. */
export const signerFingerprint = text(
  /^[0-9A-F]{40}$/,
  "the fingerprint of a primary key: 40 hex digits in upper case, without blanks",
  "The fingerprint of a primary OpenPGP key.",
);
