// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";

/** Keys that Bitcoin Core 30 and 31 know (bitcoind -help-debug), of those that we may write. */
const KNOWN = new Set(
  `bind chain dbcache disablewallet discover dns dnsseed fixedseeds includeconf listen listenonion maxuploadtarget natpmp nodebuglogfile onion
   onlynet printtoconsole privatebroadcast proxy proxyrandomize rpcallowip rpcbind rpcwhitelist rpcwhitelistdefault server torcontrol txindex zmqpubhashblock`.split(
    /\s+/,
  ),
);

/** bitcoind starts happily with a misspelt key and passes it over: read the finished file back and know every key. */
export function* knownKeys(tree: Tree): Iterable<string> {
  for (const [path, { text }] of tree) {
    if (!path.endsWith("/bitcoin.conf")) continue;
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [key = "", ...value] = line.split("=");
      if (!KNOWN.has(key)) yield `${path}: bitcoind knows no key "${key}"`;
      if (value.join("=") === "" || line.includes("#")) yield `${path}: bitcoind would misread "${line}"`;
    }
  }
}
