// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/**
 * The texts of one kind of state of dom0's file of qubes, by the name of their qube: `network`, `settings`. Found in one pass, for there are
 * thousands of states in a large system.
 */
export function stateTexts({ tree }: Pick<Reading, "tree">, { formula }: Model, kind: string): Map<string, string> {
  const text = tree.get(paths(formula).dom0("qubes"))?.text ?? "";
  const found = new Map<string, string>();
  const prefix = `${formula}-${kind}-`;
  let name: string | undefined;
  let start = 0;
  for (const match of text.matchAll(/^"(.*)":$/gm)) {
    if (name !== undefined) found.set(name, text.slice(start, match.index));
    name = match[1]?.startsWith(prefix) ? match[1].slice(prefix.length) : undefined;
    start = match.index;
  }
  if (name !== undefined) found.set(name, text.slice(start));
  return found;
}
