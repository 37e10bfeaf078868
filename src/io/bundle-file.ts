// SPDX-License-Identifier: GPL-3.0-or-later
import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import * as say from "../bundle/messages.ts";
import { DiskError, kindAt, makeFolders } from "./disk.ts";
import { isRunning, onDisk, settled } from "./publish.ts";

/** Why a file may not be replaced; nothing if it may. */
type Refusal = (bytes: Buffer) => string | undefined;

/**
 * Puts a bundle into a file: writes it beside, then renames, so that the file is the old one or the new one. What is there already is replaced only
 * if `refusal` has nothing against it. Returns whether anything had to be written. Throws DiskError; the old file is then still there.
 */
export function putFile(bytes: Buffer, out: string, refusal: Refusal): boolean {
  const path = settled(out);
  return onDisk(path, () => {
    clearAway(path, bytes);
    const there = inspect(path, refusal);
    if (there?.equals(bytes)) return false;
    makeFolders(dirname(path));
    const staged = `${path}.qwbtc-new-${process.pid}`;
    write(bytes, staged);
    try {
      inspect(path, refusal); // again: writing took time
      if (there === undefined) {
        appear(staged, path);
      } else renameSync(staged, path);
    } catch (error) {
      if (kindAt(staged) === "file") unlinkSync(staged);
      if ((error as NodeJS.ErrnoException).code === "EEXIST")
        throw new DiskError(say.notOurFile.at(undefined, path, "it has appeared just now"));
      throw error;
    }
    return true;
  });
}

/** Takes a name that is free. Not by a rename, which would take the place of what has appeared since; save where a file system has no second name for a file. */
function appear(staged: string, path: string): void {
  try {
    linkSync(staged, path);
    unlinkSync(staged);
  } catch (error) {
    if (!["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    renameSync(staged, path);
  }
}

/** What lies there and may be replaced. */
function inspect(path: string, refusal: Refusal): Buffer | undefined {
  const kind = kindAt(path);
  if (kind === undefined) return undefined;
  if (kind !== "file")
    throw new DiskError(
      say.notOurFile.at(undefined, path, kind === "folder" ? "it is a folder" : "it is no plain file"),
    );
  const bytes = readFileSync(path);
  const why = refusal(bytes);
  if (why !== undefined) throw new DiskError(say.notOurFile.at(undefined, path, why));
  return bytes;
}

/** What runs left that were killed: files by our name beside it, of processes that are gone, that begin as a bundle does. */
function clearAway(path: string, bytes: Buffer): void {
  const prefix = `${basename(path)}.qwbtc-new-`;
  if (kindAt(dirname(path)) !== "folder") return;
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0;
    const left = join(dirname(path), name);
    if (!Number.isSafeInteger(pid) || pid <= 0 || kindAt(left) !== "file" || isRunning(pid)) continue;
    const half = readFileSync(left);
    // The first block names a file of ours; of an empty file nothing is lost.
    if (half.subarray(0, 345).equals(bytes.subarray(0, Math.min(345, half.length))) || looksOurs(half))
      unlinkSync(left);
  }
}

function looksOurs(half: Buffer): boolean {
  return (
    half.subarray(257, 265).toString("latin1") === "ustar\x0000" &&
    /^[a-z][a-z0-9-]*\/MANIFEST\.json\0/.test(half.subarray(0, 100).toString("latin1"))
  );
}

function write(bytes: Buffer, path: string): void {
  const handle = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(handle);
  }
}
