// SPDX-License-Identifier: GPL-3.0-or-later
import type { Reading } from "./reading.ts";

/** What secrets look like: all of the tree but the pillar reaches every management disposable, so none may ever be in it. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["an RPC password", /^\s*rpc_?(?:password|user)\s*=/m],
  ["the hash of an RPC password", /rpcauth\s*=\s*[^\s:]+:[0-9a-f]+\$[0-9a-f]{16}/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ["an extended key", /\b[xyzt](?:prv|pub)[1-9A-HJ-NP-Za-km-z]{100}/],
  // Without the 56 letters of an address before it, which might begin at any letter of a text and be looked for at each.
  ["a key to an onion service", /:descriptor:x25519:[A-Z2-7]{52}/],
  ["an onion service's key", /ED25519-V3:[A-Za-z0-9+/]{40}/],
];

/** No secret is in the tree, and each that comes from the pillar is looked at before it is written. */
export function* noSecrets({ tree, states }: Reading): Iterable<string> {
  for (const [path, { text }] of tree) {
    for (const [what, pattern] of SECRETS) if (pattern.test(text)) yield `${path}: holds ${what}`;
  }
  for (const { file, id, fromPillar, check } of states)
    if (fromPillar && check === undefined) yield `${file}: "${id}" writes a secret that nothing checks`;
}
