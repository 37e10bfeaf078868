// SPDX-License-Identifier: GPL-3.0-or-later
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as say from "../bundle/messages.ts";
import type { Member } from "../bundle/ustar.ts";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { isSafePath } from "../kernel/tree.ts";
import { DiskError, kindAt, modeAt, reasonOf, walk } from "./disk.ts";

/** More than any tree or bundle has; a thousand qubes take some 20 MiB. Nothing larger is read into memory. */
const LARGEST = 256 * 2 ** 20;

/** What lies at a path that somebody gave: a bundle's bytes, or the plain files of a folder and what else is in it. */
export type Found =
  | { readonly kind: "bundle"; readonly bytes: Buffer }
  | { readonly kind: "tree"; readonly members: readonly Member[]; readonly problems: readonly Diagnostic[] };

/** Reads a bundle, or a tree's folder. Throws DiskError where it cannot; a link, a pipe or a device in a folder is a finding, and is not opened. */
export function readFound(path: string): Found | Diagnostic {
  try {
    // O_NONBLOCK: a pipe or a terminal must not keep us waiting.
    const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const at = fstatSync(handle);
      if (at.isDirectory()) return readFolder(path);
      if (!at.isFile()) return say.notABundle.at(undefined, path, "is neither a file nor a folder");
      if (at.size > LARGEST) return say.notABundle.at(undefined, path, `has ${at.size} bytes, more than any bundle`);
      return { kind: "bundle", bytes: readFileSync(handle) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new DiskError(say.cannotLook.at(undefined, (error as NodeJS.ErrnoException).path ?? path, reasonOf(error)));
  }
}

function readFolder(folder: string): Found {
  const members: Member[] = [];
  const problems: Diagnostic[] = [];
  let total = 0;
  for (const path of walk(folder)) {
    const shown = JSON.stringify(path);
    if (path.endsWith("/")) problems.push(say.notAFile.at(undefined, shown, "a folder without a file"));
    else if (!isSafePath(path))
      problems.push(say.unsafeName.at(undefined, shown, "holds a part or a character that no path of a tree has"));
    else if (kindAt(join(folder, path)) !== "file")
      problems.push(say.notAFile.at(undefined, shown, "a link, a pipe or a device"));
    else {
      const file = readPlain(join(folder, path), LARGEST - total);
      if (file === undefined)
        problems.push(say.notAFile.at(undefined, shown, "no file that any tree has: it is too large"));
      else members.push({ path, bytes: file, mode: modeAt(join(folder, path)) });
      total += file?.length ?? 0;
    }
  }
  return { kind: "tree", members, problems };
}

function readPlain(path: string, largest: number): Buffer | undefined {
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    return fstatSync(handle).size > largest ? undefined : readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
