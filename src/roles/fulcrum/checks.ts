// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";

/** Keys of Fulcrum 2.1.1 (src/App.cpp), of those that we write. */
const KNOWN = new Set(
  "announce anon_logs bitcoind bitcoind_clients bitcoind_timeout datadir db_max_open_files db_mem peering rpccookie tcp ts_format".split(
    " ",
  ),
);

/** Fulcrum passes over a misspelt key without a word, and drops what stands behind a #: read the finished file back. */
export function* knownKeys(tree: Tree): Iterable<string> {
  for (const [path, { text }] of tree) {
    if (!path.endsWith("/fulcrum.conf")) continue;
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, key = "", value = ""] = /^([a-z_-]+) = ([^#\s]+)$/.exec(line) ?? [];
      if (value === "") yield `${path}: Fulcrum would misread "${line}"`;
      else if (!KNOWN.has(key)) yield `${path}: Fulcrum knows no key "${key}"`;
      if (key === "tcp" && !value.startsWith("127.0.0.1:"))
        yield `${path}: Fulcrum would listen off the loopback: ${line}`;
    }
  }
}
