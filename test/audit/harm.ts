// SPDX-License-Identifier: GPL-3.0-or-later
/** Single changes to good trees: what each harms, and how a harmless twin of it looks. Hashes are made anew, so that no seal tells. */
import { createHash } from "node:crypto";
import type { Tree, TreeFile } from "../../src/kernel/tree.ts";
import { sumsFile, type Manifest } from "../../src/render/manifest.ts";
import { compiled, exampleText } from "../compiled.ts";

/** One harmful change: what it is, the tree after it, and the codes of which one must be found. */
export interface Harm {
  readonly what: string;
  readonly tree: Tree;
}

/** A class of harm, with its twin: the same kind of change that harms nobody. */
export interface HarmClass {
  readonly name: string;
  readonly codes: readonly string[];
  readonly harms: () => Iterable<Harm>;
  readonly twins: () => Iterable<Harm>;
}

const trees = new Map<string, Tree>();

/** A built example. */
export function good(example: string): Tree {
  const known = trees.get(example) ?? compiled(exampleText(example)).tree;
  trees.set(example, known);
  return known;
}

/** The one path of a tree that ends so. */
export function pathOf(tree: Tree, end: string): string {
  const found = [...tree.keys()].filter((path) => path.endsWith(end));
  if (found.length !== 1) throw new Error(`${found.length} files end with ${end}`);
  return found[0] as string;
}

/** A tree with other texts, and its seals made anew. */
export function withTexts(tree: Tree, texts: Readonly<Record<string, string | undefined>>): Tree {
  const changed = new Map<string, TreeFile>(tree);
  for (const [path, text] of Object.entries(texts))
    if (text === undefined) changed.delete(path);
    else changed.set(path, { text, mode: tree.get(path)?.mode ?? "0644" });
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const manifest = JSON.parse(changed.get("MANIFEST.json")?.text ?? "") as Manifest;
  const files = Object.fromEntries(
    [...changed]
      .filter(([path]) => path !== "MANIFEST.json" && path !== "SHA256SUMS")
      .map(([path, { text, mode }]) => [path, { mode, sha256: sha(text) }]),
  );
  const sealed = `${JSON.stringify({ ...manifest, files }, null, 2)}\n`;
  changed.set("MANIFEST.json", { text: sealed, mode: "0644" });
  changed.delete("SHA256SUMS");
  const sums = new Map([...changed].map(([path, { text }]) => [path, sha(text)]));
  changed.set("SHA256SUMS", { text: sumsFile(sums), mode: "0644" });
  return changed;
}

/** A change of one file. Throws when it changes nothing: then it would harm nobody. */
export function edit(tree: Tree, end: string, change: (text: string) => string): Tree {
  const path = pathOf(tree, end);
  const text = tree.get(path)?.text ?? "";
  const after = change(text);
  if (after === text) throw new Error(`nothing changed in ${path}`);
  return withTexts(tree, { [path]: after });
}

/** Makes single harms to one tree, or to another that is named: the file's end, the change, and what it is. */
export function harming(tree: Tree) {
  return (end: string, change: (text: string) => string, what: string, of = tree): Harm => ({
    what,
    tree: edit(of, end, change),
  });
}

/** Replaces one text by another, once; throws when it is not there. */
export function swap(from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    const after = text.replace(from, to);
    if (after === text) throw new Error(`not found: ${String(from)}`);
    return after;
  };
}

/** Removes the line that is exactly this; throws when it is not there. */
export function without(line: string): (text: string) => string {
  return (text) => {
    const lines = text.split("\n");
    const at = lines.indexOf(line);
    if (at === -1) throw new Error(`no line ${line}`);
    return lines.toSpliced(at, 1).join("\n");
  };
}

/** Adds a line at the end. */
export function plus(line: string): (text: string) => string {
  return (text) => `${text}${line}\n`;
}

/** Adds a line before the first that begins so. */
export function before(beginning: string, line: string): (text: string) => string {
  return (text) => {
    const lines = text.split("\n");
    const at = lines.findIndex((one) => one.startsWith(beginning));
    if (at === -1) throw new Error(`no line begins with ${beginning}`);
    return lines.toSpliced(at, 0, line).join("\n");
  };
}
