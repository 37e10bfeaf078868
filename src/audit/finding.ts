// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic, Span } from "../kernel/diagnostic.ts";
import type { Tree, TreeFile } from "../kernel/tree.ts";
import type { Facts } from "./facts.ts";
import type { Machine } from "./machine.ts";
import type { Reach } from "./reach.ts";
import type { Place } from "./states.ts";

/** What a rule looks at: what a tree does, the machine that it would make, and who reaches whom there. */
export interface Audit {
  readonly facts: Facts;
  readonly machine: Machine;
  readonly reach: Reach;
}

/** A rule over a finished tree: looks and changes nothing. */
export type TreeRule = (audit: Audit) => Iterable<Diagnostic>;

/** A line of a tree's file as a place for a finding; policy files of the machine have none of it. */
export function placeIn(tree: Tree, { file, line }: Place): Span {
  const text = linesOf(tree.get(file))[line - 1] ?? "";
  const column = text.length - text.trimStart().length + 1;
  return { file, line, column, length: Math.max(1, text.trim().length), text };
}

const parted = new WeakMap<TreeFile, readonly string[]>();

/** A file's lines; a file with one finding often has more. */
function linesOf(file: TreeFile | undefined): readonly string[] {
  if (!file) return [];
  const lines = parted.get(file) ?? file.text.split("\n");
  parted.set(file, lines);
  return lines;
}

/** The line of a text in which a pattern is first found; 1 if it is in none. */
export function lineWith(text: string, pattern: RegExp): number {
  const at = text.split("\n").findIndex((line) => pattern.test(line));
  return at + 1 || 1;
}
