// SPDX-License-Identifier: GPL-3.0-or-later
/** A file of the output tree: its text and its mode as four octal digits. */
export interface TreeFile {
  readonly text: string;
  readonly mode: "0644" | "0755";
}

/** The output tree in memory: path relative to its root, with `/`, in C order. */
export type Tree = ReadonlyMap<string, TreeFile>;

const segment = /^[A-Za-z0-9._@-]+$/;

/** Whether a path stays inside the tree and holds nothing that a shell, YAML or a file system could take amiss. */
export function isSafePath(path: string): boolean {
  return path.split("/").every((part) => segment.test(part) && part !== "." && part !== "..");
}

/** Compares by code unit: the C locale's order for the ASCII that paths and names are made of. */
export function inCOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts the files into a tree. Throws on an unsafe or doubled path: both are mistakes in the compiler, not in a topology. */
export function plant(files: Iterable<readonly [string, TreeFile]>): Tree {
  const sorted = [...files].toSorted(([a], [b]) => inCOrder(a, b));
  const tree = new Map<string, TreeFile>();
  for (const [path, file] of sorted) {
    if (!isSafePath(path)) throw new Error(`unsafe path in the output tree: ${JSON.stringify(path)}`);
    if (tree.has(path)) throw new Error(`two files claim ${path}`);
    tree.set(path, file);
  }
  return tree;
}
