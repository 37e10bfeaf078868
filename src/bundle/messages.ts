// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";

const AGAIN =
  "Get it again from whoever made it, or build the topology yourself: the same topology gives the same bytes.";

export const notABundle = message("QB921", {
  severity: "error",
  title: "this is no bundle",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "A bundle is the tar that `qwbtc-salt bundle` writes, and nothing else is read as one.",
  fix: AGAIN,
});

export const cutOff = message("QB922", {
  severity: "error",
  title: "a bundle is cut off, or more stands behind its end",
  say: (what: string) => what,
  why: "What came over the way is not what was sent; or somebody has put something where only some programs look.",
  fix: AGAIN,
});

export const notAFile = message("QB923", {
  severity: "error",
  title: "something in it is no plain file",
  say: (path: string, what: string) => `${path} is ${what}`,
  why: "A link leads out of the folder that it is unpacked into, a pipe or a device does what no file does. A tree has plain files only.",
  fix: AGAIN,
});

export const unsafeName = message("QB924", {
  severity: "error",
  title: "a name in it is not safe",
  say: (name: string, what: string) => `the name ${name} ${what}`,
  why: "Unpacked, it would land elsewhere than in the tree's own folder, or mean something to a shell.",
  fix: AGAIN,
});

export const outOfOrder = message("QB925", {
  severity: "error",
  title: "a file stands twice or out of order",
  say: (path: string, before: string) =>
    path === before ? `${path} stands twice` : `${path} stands behind ${before}, out of order`,
  why: "Of two files of one name the later wins when they are unpacked: one could be shown and the other be run.",
  fix: AGAIN,
});

export const oddHeader = message("QB926", {
  severity: "error",
  title: "a tar is written otherwise than a bundle",
  say: (where: string, what: string) => `${where}: ${what}`,
  why: "Programs differ in what they make of the odd corners of tar. A bundle has none, so that all of them read the same files.",
  fix: AGAIN,
});

export const notListed = message("QB927", {
  severity: "error",
  title: "files and SHA256SUMS do not match",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "Every file must be listed and every listed file be there, or dom0 would run what nobody vouches for.",
  fix: AGAIN,
});

export const otherBytes = message("QB928", {
  severity: "error",
  title: "a file was changed",
  say: (path: string) => `${path} has other bytes than SHA256SUMS says`,
  why: "It was changed since the tree was built, by whomever.",
  fix: "If it was you: what it says belongs into the topology. Build again.",
});

export const otherMode = message("QB929", {
  severity: "error",
  title: "a file has another mode",
  say: (path: string, mode: string, wanted: string) => `${path} has the mode ${mode}, not ${wanted}`,
  why: "A mode says what can be run, and by whom it can be changed.",
  fix: "Unpack it once more under `umask 022`, or build again.",
});

export const badSeals = message("QB930", {
  severity: "error",
  title: "MANIFEST.json or SHA256SUMS is not as it is written",
  say: (what: string) => what,
  why: "They name every file of a tree, each with its digest and mode, and must agree: both are read in dom0.",
  fix: AGAIN,
});

export const misplaced = message("QB931", {
  severity: "error",
  title: "a file does not belong to the formula",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "Salt in dom0 takes a path from the first root that has it: such a file would take the place of another one's, or run as a module.",
  fix: AGAIN,
});

export const otherDigest = message("QB932", {
  severity: "error",
  title: "the digest is another one",
  say: (given: string) => `nothing here has the digest ${given}`,
  why: "This is another bundle or tree than the one whose digest you have, be it an older one or a forged one.",
  fix: "Ask whoever gave you the digest which topology and which version of qwbtc-salt it is of.",
});

export const wrongInside = message("QB933", {
  severity: "error",
  title: "a tree holds what no tree of this version holds",
  say: (what: string) => what,
  why: "This version of qwbtc-salt would have refused to write it: it was made by something else.",
  fix: AGAIN,
});

export const notADigest = message("QB934", {
  severity: "error",
  title: "this is no digest",
  say: (given: string) => `${given} is not a SHA-256 digest`,
  why: "A digest is 64 digits and letters from a to f; a part of one proves little.",
  fix: "Give the whole digest.",
});

export const notOurFile = message("QB935", {
  severity: "error",
  title: "the output file is something else",
  say: (path: string, what: string) => `${path} exists and is not a bundle of this formula (${what})`,
  why: "Nothing of yours is ever overwritten.",
  fix: "Move it elsewhere, or give another file with --out.",
});

export const cannotLook = message("QB936", {
  severity: "error",
  title: "a bundle or tree cannot be read",
  say: (path: string, reason: string) => `cannot read ${path}: ${reason}`,
  why: "There is nothing to verify.",
  fix: "Check the name, and whether you may read it.",
});
