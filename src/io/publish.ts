// SPDX-License-Identifier: GPL-3.0-or-later
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Tree } from "../kernel/tree.ts";
import { MANIFEST } from "../render/manifest.ts";
import { DiskError, kindAt, makeFolders, modeAt, reasonOf, removeOwn, textAt, walk } from "./disk.ts";
import * as say from "./messages.ts";
import { compare, isSame, readWritten } from "./written.ts";

/** The first file of a tree that is being written: it names what will follow, so that a later run can clear away a cut-off one. */
const JOURNAL = ".qwbtc-salt-journal";

/** What publishing a tree came to. */
export interface Published {
  readonly wrote: boolean;
  /** An earlier run was cut off, and this one cleared up after it. */
  readonly recovered: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts a tree into a folder: writes it beside, then swaps by renaming, so that the folder holds the old tree or the new one and never a mixture.
 * A folder that holds anything but an unedited earlier build is refused. Throws DiskError; whatever happens, the old tree is whole.
 */
export function publish(tree: Tree, out: string): Published {
  const folder = settled(out);
  const staged = `${folder}.qwbtc-new`;
  const old = `${folder}.qwbtc-old`;
  return onDisk(folder, () => {
    const recovered = recover(folder, staged, old);
    inspect(folder);
    if (kindAt(folder) === "folder" && isSame(compare(tree, folder)) && sameModes(tree, folder)) {
      return { wrote: false, recovered, diagnostics: [] };
    }
    stage(tree, staged);
    return { wrote: true, recovered, diagnostics: swap(folder, staged, old) };
  });
}

/** Throws DiskError if the folder holds anything that a new tree would destroy. Reads only. */
export function inspect(folder: string): void {
  const kind = kindAt(folder);
  if (kind === undefined) return;
  if (kind !== "folder") throw new DiskError(say.inTheWay.at(undefined, folder, "exists and is not a folder"));
  if (readdirSync(folder).length === 0) return;
  const written = readWritten(folder);
  if (!written) throw new DiskError(say.notOurFolder.at(undefined, folder));
  if (written.foreign.length > 0) throw new DiskError(say.foreignFiles.at(undefined, folder, written.foreign));
  if (written.edited.length > 0) throw new DiskError(say.editedFiles.at(undefined, folder, written.edited));
}

/** The folder's real place: the swap renames the folder itself, not a link to it. */
export function settled(out: string): string {
  const path = resolve(out);
  return existsSync(path) ? realpathSync(path) : path;
}

/** Runs what writes; a system error becomes a finding. */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DiskError) throw error;
    const place = (error as NodeJS.ErrnoException).path ?? path;
    throw new DiskError(say.diskFailed.at(undefined, place, reasonOf(error)));
  }
}

/** Finishes or undoes what a cut-off run left. */
function recover(folder: string, staged: string, old: string): boolean {
  let recovered = false;
  if (kindAt(old) !== undefined) {
    if (kindAt(folder) === undefined) {
      // Cut off between the two renames: the old tree goes back.
      if (!readWritten(old)) throw new DiskError(say.inTheWay.at(undefined, old, "was not written by qwbtc-salt"));
      renameSync(old, folder);
    } else clear(old);
    recovered = true;
  }
  if (kindAt(staged) !== undefined) {
    clear(staged);
    recovered = true;
  }
  return recovered;
}

/** Removes a whole or partial tree of ours, and refuses if anything else is in it. */
function clear(folder: string): void {
  if (kindAt(folder) !== "folder")
    throw new DiskError(say.inTheWay.at(undefined, folder, "exists and is not a folder"));
  const journal = textAt(join(folder, JOURNAL));
  if (journal !== undefined) {
    const { pid, paths } = readJournal(journal);
    if (isRunning(pid))
      throw new DiskError(
        say.inTheWay.at(undefined, folder, `is being written by another qwbtc-salt (process ${pid})`),
      );
    removeOwn(folder, paths);
    removeOwn(folder, [JOURNAL]);
  } else if (readdirSync(folder).length > 0) {
    const written = readWritten(folder);
    if (!written) throw new DiskError(say.inTheWay.at(undefined, folder, "was not written by qwbtc-salt"));
    if (written.edited.length > 0) throw new DiskError(say.editedFiles.at(undefined, folder, written.edited));
    // The manifest goes last, as the journal above: until then what a run leaves that is cut off here too can be told from a stranger's folder.
    removeOwn(
      folder,
      written.own.filter((path) => path !== MANIFEST),
    );
    removeOwn(folder, [MANIFEST]);
  } else rmdirSync(folder);
  if (kindAt(folder) !== undefined) throw new DiskError(say.foreignFiles.at(undefined, folder, walk(folder)));
}

/** A journal that was cut off while it was written stands alone: nothing else is written before it is whole. */
function readJournal(text: string): { pid: number; paths: string[] } {
  try {
    return JSON.parse(text) as { pid: number; paths: string[] };
  } catch {
    return { pid: 0, paths: [] };
  }
}

/** Whether a process lives, of whomever. */
export function isRunning(pid: number): boolean {
  if (pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Writes the tree, with its modes whatever the user's umask. On failure nothing of it stays. */
function stage(tree: Tree, staged: string): void {
  const journal = join(staged, JOURNAL);
  makeFolders(dirname(staged));
  const umask = process.umask(0); // modes are given outright; for a thousand qubes, setting them afterwards would cost as much again
  try {
    mkdirSync(staged, 0o755);
    writeFileSync(journal, JSON.stringify({ pid: process.pid, paths: [...tree.keys()] }), { flag: "wx" });
    const folders = new Set([""]);
    for (const path of tree.keys()) {
      for (let up = dirname(path); up !== "."; up = dirname(up)) folders.add(up);
    }
    for (const folder of [...folders].toSorted()) {
      if (folder !== "") mkdirSync(join(staged, folder), 0o755);
    }
    for (const [path, { text, mode }] of tree) {
      writeFileSync(join(staged, path), text, { flag: "wx", mode: Number.parseInt(mode, 8) });
    }
    unlinkSync(journal);
  } catch (error) {
    removeOwn(staged, [...tree.keys(), JOURNAL]);
    throw error;
  } finally {
    process.umask(umask);
  }
}

function swap(folder: string, staged: string, old: string): Diagnostic[] {
  inspect(folder); // again: writing took time
  const kind = kindAt(folder);
  if (kind === "folder" && readdirSync(folder).length === 0) rmdirSync(folder);
  else if (kind === "folder") renameSync(folder, old);
  renameSync(staged, folder);
  if (kindAt(old) === undefined) return [];
  const written = readWritten(old);
  if (written && written.edited.length + written.foreign.length > 0) {
    return [say.keptFiles.at(undefined, old, [...written.edited, ...written.foreign])];
  }
  clear(old);
  return [];
}

function sameModes(tree: Tree, folder: string): boolean {
  return [...tree].every(([path, { mode }]) => modeAt(join(folder, path)) === mode);
}
