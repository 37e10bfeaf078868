// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { inCOrder } from "../kernel/tree.ts";

/** The disk, or what lies on it, is at fault: reported like any other finding, with exit code 2. */
export class DiskError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.say);
    this.diagnostic = diagnostic;
  }
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EISDIR: "it is a folder",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/** The system's reason for a failure, for people. Rethrows what is no system error. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return reasons[code] ?? code;
}

/** What lies at a path itself, links not followed; undefined if nothing does. */
export function kindAt(path: string): "file" | "folder" | "other" | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
}

/** The permission bits of a file, as four octal digits. */
export function modeAt(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8).padStart(4, "0");
}

/** Makes a folder and those above it. One by one: node's own recursive mkdir never returns where the kernel makes no folders, as in /proc. */
export function makeFolders(path: string): void {
  if (kindAt(path) === "folder" || existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path);
}

/** Everything below a folder, as paths relative to it: files and anything odd, and folders that are empty (with a final `/`). */
export function walk(folder: string): string[] {
  const found: string[] = [];
  const visit = (below: string) => {
    const entries = readdirSync(join(folder, below), { withFileTypes: true });
    if (entries.length === 0 && below !== "") found.push(`${below}/`);
    for (const entry of entries) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else found.push(path);
    }
  };
  visit("");
  return found.toSorted(inCOrder);
}

/** A regular file's text, or undefined. */
export function textAt(path: string): string | undefined {
  return kindAt(path) === "file" ? readFileSync(path, "utf8") : undefined;
}

/** Removes files and then the folders that held them, as far as they are empty. The folder itself goes too when nothing is left. */
export function removeOwn(folder: string, paths: Iterable<string>): void {
  const folders = new Set<string>();
  for (const path of paths) {
    if (kindAt(join(folder, path)) === "file") unlinkSync(join(folder, path));
    for (let up = dirname(path); up !== "."; up = dirname(up)) folders.add(up);
  }
  for (const one of [...folders].toSorted((a, b) => b.length - a.length)) removeEmpty(join(folder, one));
  removeEmpty(folder);
}

function removeEmpty(folder: string): void {
  if (kindAt(folder) === "folder" && readdirSync(folder).length === 0) rmdirSync(folder);
}
