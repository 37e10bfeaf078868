// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from "node:path";
import type { Tree } from "../kernel/tree.ts";
import { MANIFEST, sha256, SUMS, sumsFile, type Manifest } from "../render/manifest.ts";
import { kindAt, textAt, walk } from "./disk.ts";

/** An earlier build as it lies on the disk now. */
export interface Written {
  /** The files that its manifest names, and the manifest and sums themselves. */
  readonly own: readonly string[];
  /** Of those: changed since they were written. */
  readonly edited: readonly string[];
  /** What lies among them and is not ours. */
  readonly foreign: readonly string[];
}

/** Reads an earlier build, by its own manifest; undefined if the folder holds none. The manifest stands last in `own`. */
export function readWritten(folder: string): Written | undefined {
  const manifestText = textAt(join(folder, MANIFEST));
  const manifest = manifestText === undefined ? undefined : asManifest(manifestText);
  if (manifestText === undefined || !manifest) return undefined;

  const sums = new Map(Object.entries(manifest.files).map(([path, { sha256: sum }]) => [path, sum]));
  const expected = sumsFile(new Map([...sums, [MANIFEST, sha256(manifestText)]]));
  const own = [...sums.keys(), SUMS, MANIFEST];
  const mine = new Set(own);
  const edited = own.filter((path) => {
    if (path === MANIFEST) return false; // SHA256SUMS tells
    const text = textAt(join(folder, path));
    if (text === undefined) return kindAt(join(folder, path)) !== undefined;
    return path === SUMS ? text !== expected : sha256(text) !== sums.get(path);
  });
  return { own, edited, foreign: walk(folder).filter((path) => !mine.has(path)) };
}

function asManifest(text: string): Manifest | undefined {
  try {
    const value = JSON.parse(text) as Manifest;
    return value.format === 1 && typeof value.files === "object" && value.files !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a build would do to a folder, file by file. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Compares a tree with what lies in a folder. */
export function compare(tree: Tree, folder: string): Changes {
  const there = kindAt(folder) === "folder" ? walk(folder).filter((path) => !path.endsWith("/")) : [];
  const existing = new Set(there);
  return {
    added: [...tree.keys()].filter((path) => !existing.has(path)),
    changed: [...tree]
      .filter(([path, file]) => existing.has(path) && textAt(join(folder, path)) !== file.text)
      .map(([path]) => path),
    removed: there.filter((path) => !tree.has(path)),
  };
}

/** Whether nothing differs. */
export function isSame({ added, changed, removed }: Changes): boolean {
  return added.length + changed.length + removed.length === 0;
}
