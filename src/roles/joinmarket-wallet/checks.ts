// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";
import type { Model } from "../../model/model.ts";
import { knows } from "../../model/settled.ts";
import { keyOf, options } from "./options/index.ts";
import { CONF } from "./own.ts";

/** JoinMarket passes over a misspelt key, and does not load a file with a line that has no `=`: read the finished file back. */
export function* knownKeys(tree: Tree, model: Model): Iterable<string> {
  for (const wallet of model.qubes.filter((qube) => qube.role.options === options)) {
    const [path, file] = [...tree].find(([one]) => one.endsWith(`/files/${wallet.name}${CONF}`)) ?? ["", undefined];
    const known = keysOf(wallet.version);
    let section = "";
    for (const line of (file?.text ?? "").split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, head] = /^\[(.+)\]$/.exec(line) ?? [];
      if (head !== undefined) section = head;
      else if (!/^[a-z0-9_]+ = (?:[^%#;\s]\S*)?$/.test(line)) yield `${path}: JoinMarket would misread "${line}"`;
      else if (!known.has(`${section} ${line.split(" ")[0]}`))
        yield `${path}: JoinMarket ${wallet.version} knows no such key in [${section}]: ${line}`;
    }
  }
}

/** The keys of a version, each behind its section. */
function keysOf(version: string): ReadonlySet<string> {
  return new Set(
    options.groups.flatMap(({ section, options: all }) =>
      all.filter((one) => knows(version, one)).map(({ name }) => `${String(section)} ${keyOf(name)}`),
    ),
  );
}
