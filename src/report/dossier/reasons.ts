// SPDX-License-Identifier: GPL-3.0-or-later
import type { Place } from "../../audit/states.ts";
import type { Tree } from "../../kernel/tree.ts";

/** The comment that stands right above a line of a text, a line of it each, without the marks. */
export function commentAbove(text: string, line: number): string[] {
  const lines = text.split("\n");
  const found: string[] = [];
  for (let at = line - 2; at >= 0 && /^\s*#(?!!|\s*----)/.test(lines[at] ?? ""); at--)
    found.unshift((lines[at] ?? "").replace(/^\s*#\s?/, ""));
  return found;
}

/**
 * The reason of one setting: the line of the comment that begins with its name; else the whole comment without such lines, which is then about all of them;
 * and all of it without a name.
 */
export function reasonOf(tree: Tree, { file, line }: Place, key: string): string {
  const comment = commentAbove(tree.get(file)?.text ?? "", line);
  if (key === "") return comment.join(" ");
  const named = comment.find((one) => sameKey(one.split(":")[0] ?? "", key));
  if (named !== undefined) return named.slice(named.indexOf(":") + 1).trim();
  return comment.filter((one) => !/^[\w-]+: /.test(one)).join(" ");
}

/** Qubes' states write a property with dashes, its tools with underscores. */
function sameKey(a: string, b: string): boolean {
  return a.replaceAll("-", "_") === b.replaceAll("-", "_");
}
