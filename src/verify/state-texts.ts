// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/** The text of each state of dom0's file of qubes, by its ID without the formula's name. Found in one pass: there are thousands in a large system. */
export function stateTexts({ tree }: Pick<Reading, "tree">, { formula }: Model): Map<string, string> {
  const text = tree.get(paths(formula).dom0("qubes"))?.text ?? "";
  const found = new Map<string, string>();
  let id: string | undefined;
  let start = 0;
  for (const match of text.matchAll(/^"(.*)":$/gm)) {
    if (id !== undefined) found.set(id, text.slice(start, match.index));
    id = match[1]?.startsWith(`${formula}-`) ? match[1].slice(formula.length + 1) : undefined;
    start = match.index;
  }
  if (id !== undefined) found.set(id, text.slice(start));
  return found;
}
