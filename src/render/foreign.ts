// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
import type { Directory, Pruned } from "../model/parts.ts";
import { shell, word } from "./escapes.ts";

/** Folders whose owner is not root, and below which everything may be in the hands of that owner: homes, and tor's. */
const OWNED = /^\/(?:home\/[^/]+|var\/lib\/tor)(?=\/)/;

/**
 * The parts of paths that somebody else than root can replace by a link, outermost first. Salt's `follow_symlinks: false` looks at the last part
 * of a path alone (salt/modules/file.py, check_perms), and only at some states.
 */
export function replaceable(all: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of all) {
    const [owned] = OWNED.exec(path) ?? [];
    if (owned === undefined) continue;
    for (let end = owned.length; end !== -1;) {
      end = path.indexOf("/", end + 1);
      found.add(end === -1 ? path : path.slice(0, end));
    }
  }
  return [...found].toSorted(inCOrder);
}

/** A state that removes, as the owner of the folder, what is not wanted in it. */
interface PruneView {
  readonly path: string;
  readonly why: string;
  readonly remove: string;
  /** Succeeds where there is nothing to remove; where that cannot be told, it fails, and so will the removal, aloud. */
  readonly clean: string;
  /** Whether the folder is one of the states'. */
  readonly ours: boolean;
}

/** What removes files of ours in a folder that others use too. */
export function prunedView({ path, user, glob, keep, why }: Pruned): PruneView {
  const kept = keep.map((name) => ` ! -name ${word(name)}`).join("");
  return { path, why, ours: false, ...asOwner(user, path, `-maxdepth 1 -name ${shell(glob)}${kept}`) };
}

/** What removes all but some files of a folder. */
export function onlyView({ path, user, only = [] }: Directory): PruneView {
  const kept = only.map((file) => ` ! -path ${word(file)}`).join("");
  const why = `Nothing else lies in ${path}.`;
  return { path, why, ours: true, ...asOwner(user, path, `-mindepth 1${kept}`) };
}

/**
 * As the owner, never as root: whatever he makes of his folder, only what he could remove himself is lost. find follows no link, not even where
 * it begins (find(1), -P), and it wants to go back to where it was called: a place that its user may enter.
 */
function asOwner(user: string, path: string, tests: string): Pick<PruneView, "remove" | "clean"> {
  const find = `cd / && runuser -u ${word(user)} -- find ${word(path)} ${tests}`;
  return { remove: `${find} -delete`, clean: `test ! -e ${word(path)} || { found=$(${find}) && test -z "$found"; }` };
}
