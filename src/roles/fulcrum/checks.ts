// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";
import type { Model } from "../../model/model.ts";
import { knows } from "../../model/settled.ts";
import { optionsOf } from "../../software/option.ts";
import { options } from "./options/index.ts";
import { CONF } from "./own.ts";

/** Fulcrum passes over a misspelt key without a word, and drops what stands behind a #: read the finished file back, key by key of the version. */
export function* knownKeys(tree: Tree, model: Model): Iterable<string> {
  const known = new Map(optionsOf(options).map((one) => [one.name, one]));
  for (const server of model.qubes.filter((qube) => qube.role.options === options)) {
    const [path, file] = [...tree].find(([one]) => one.endsWith(`/files/${server.name}${CONF}`)) ?? ["", undefined];
    for (const line of (file?.text ?? "").split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, key = "", value = ""] = /^([a-z_-]+) = ([^#\s]+)$/.exec(line) ?? [];
      const option = known.get(key);
      if (value === "") yield `${path}: Fulcrum would misread "${line}"`;
      else if (!option || !knows(server.version, option))
        yield `${path}: Fulcrum ${server.version} knows no key "${key}"`;
      if (["tcp", "admin", "stats"].includes(key) && !value.startsWith("127.0.0.1:"))
        yield `${path}: Fulcrum would listen off the loopback: ${line}`;
    }
  }
}
