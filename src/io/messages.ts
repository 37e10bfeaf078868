// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";

const several = (paths: readonly string[]) =>
  paths.length > 5 ? `${paths.slice(0, 5).join(", ")} and ${paths.length - 5} more` : paths.join(", ");

export const cannotRead = message("QB901", {
  severity: "error",
  title: "a topology cannot be read",
  say: (path: string, reason: string) => `cannot read ${path}: ${reason}`,
  why: "There is nothing to compile.",
  fix: "Check the name, or run `qwbtc-salt init` to get a topology to start from.",
});

export const notOurFolder = message("QB902", {
  severity: "error",
  title: "the output folder holds something else",
  say: (folder: string) => `${folder} is not empty and was not written by qwbtc-salt`,
  why: "Nothing of yours is ever overwritten or removed.",
  fix: "Give another folder with --out, or empty this one yourself.",
});

export const foreignFiles = message("QB903", {
  severity: "error",
  title: "the output folder holds files of somebody else",
  say: (folder: string, paths: readonly string[]) => `${folder} holds what qwbtc-salt did not write: ${several(paths)}`,
  why: "A new tree replaces the folder; these would be lost.",
  fix: "Move them elsewhere, or give another folder with --out.",
});

export const editedFiles = message("QB904", {
  severity: "error",
  title: "files of an earlier build were edited",
  say: (folder: string, paths: readonly string[]) =>
    `files in ${folder} were edited since they were written: ${several(paths)}`,
  why: "A new tree replaces the folder; the edits would be lost.",
  fix: "Move the edited files elsewhere (what they say belongs into the topology), or give another folder with --out.",
});

export const inTheWay = message("QB905", {
  severity: "error",
  title: "something is in the way of the output",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "The new tree is written beside the old one and then takes its place; that name must be free for it.",
  fix: "Move it elsewhere, or give another folder with --out.",
});

export const diskFailed = message("QB906", {
  severity: "error",
  title: "the output cannot be written",
  say: (path: string, reason: string) => `cannot write ${path}: ${reason}`,
  why: "The tree that was there before, if any, is still there, whole.",
  fix: "Mend the cause, or give another folder with --out.",
});

export const wouldOverwrite = message("QB907", {
  severity: "error",
  title: "a file exists already",
  say: (path: string) => `${path} exists already`,
  why: "Nothing of yours is ever overwritten.",
  fix: "Move it elsewhere, or run the command in another folder.",
});

export const keptFiles = message("QB908", {
  severity: "warning",
  title: "files that appeared during a build were kept",
  say: (folder: string, paths: readonly string[]) =>
    `${folder} keeps what appeared while the new tree took its place: ${several(paths)}`,
  why: "Nothing of yours is ever removed.",
  fix: "Move them elsewhere and remove the folder.",
});
