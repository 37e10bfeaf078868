// SPDX-License-Identifier: GPL-3.0-or-later
import { statSync } from "node:fs";
import { digestOf, judge } from "../bundle/judge.ts";
import { untar } from "../bundle/read-ustar.ts";
import type { Member } from "../bundle/ustar.ts";
import { rendered } from "../compile.ts";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Tree, TreeFile } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";
import { readFound } from "./found.ts";
import { topologySource } from "./topology-source.ts";

/** What a command looks at: a topology that was compiled, or a tree or bundle that was found. */
export interface Subject {
  readonly kind: "topology" | "tree" | "bundle";
  /** For people: which it was. */
  readonly name: string;
  /** What is said of the choice, where nothing was named. */
  readonly chosen: string;
  /** Absent where it could not be read, or does not compile. */
  readonly tree?: Tree;
  /** Only of a topology. */
  readonly model?: Model;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what a path names: a folder is a tree, a file that begins as a tar a bundle, anything else a topology. Throws DiskError. */
export function readSubject(path: string | undefined): Subject {
  if (path !== undefined && path !== "-" && (isFolder(path) || path.endsWith(".tar"))) return readTree(path);
  const source = topologySource(path);
  // Not read back by the compiler's own checks, as it is before it is written: who asks here looks with eyes of their own.
  const { value, diagnostics } = rendered(source);
  return {
    kind: "topology",
    name: source.name,
    chosen: source.chosen,
    diagnostics,
    ...(value && { tree: value.tree, model: value.model }),
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readTree(path: string): Subject {
  const found = readFound(path);
  if (!("kind" in found)) return { kind: "tree", name: path, chosen: "", diagnostics: [found] };
  const { kind } = found;
  if (found.kind === "bundle") {
    const { members, problems } = untar(found.bytes, path);
    // A tar that is not as it should be may mean one thing here and another to dom0's tar: nothing of it is read.
    if (problems.length > 0) return { kind, name: path, chosen: "", diagnostics: problems };
    return { kind, name: path, chosen: "", tree: treeOf(members), diagnostics: judge(members).diagnostics };
  }
  const diagnostics = [...found.problems, ...judge(found.members).diagnostics];
  return { kind, name: path, chosen: "", tree: treeOf(found.members), diagnostics };
}

/** Files as a tree, in the order of their paths; a file that is no text is one whose digest alone can be said. */
function treeOf(members: readonly Member[]): Tree {
  const files = members.map(({ path, bytes, mode }): [string, TreeFile] => [
    path,
    { text: text(bytes), mode: mode === "0755" ? "0755" : "0644" },
  ]);
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `\u0000 no text: ${digestOf(bytes)}\n`;
  }
}
