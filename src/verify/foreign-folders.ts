// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading, State } from "./reading.ts";
import { groupByFile } from "./references.ts";

/** A removal by find as the owner of the folder, from a place that he may enter; root's own folders of ours lie below /usr/local alone. */
const AS_OWNER =
  /^cd \/ && runuser -u (?:root -- find \/usr\/local\/\S+|(?!root )[a-z][a-z-]* -- find \S+) [^;&|]*-delete$/;
/** A home, or tor's folder, and what is below it. */
const THEIRS = /^(\/home\/[^/]+|\/var\/lib\/tor)\/(.+)$/;
/** The only functions of Salt's that may act in such a folder: with links out of the way, none of them follows one that is not there yet. */
const ALLOWED = ["file.managed", "file.directory", "file.absent"];

/**
 * Folders that belong to others than root: any part of a path in them may be a link to anything, and root would follow it. Each part is looked at
 * before root acts there; nothing is emptied, nor a user's file edited, as root.
 */
export function* foreignFolders({ states }: Reading, model: Model): Iterable<string> {
  for (const { file, id, name, cleans } of states)
    if (cleans) yield `${file}: ${id} would have root empty whatever folder ${name} leads to`;
  const byFile = groupByFile(states);
  for (const { name } of model.qubes) {
    const looked = new Set<string>();
    for (const state of byFile.get(paths(model.formula).qube(name)) ?? []) yield* ofOne(state, looked);
  }
}

function* ofOne({ file, id, fun, name, onlyif, followsLinks }: State, looked: Set<string>): Iterable<string> {
  if (fun === "cmd.run") {
    if (/-delete\b/.test(name) && !AS_OWNER.test(name)) yield `${file}: ${id} removes as root what another put there`;
    const [, path] = /^rm -f (\S+)$/.exec(name) ?? [];
    if (path !== undefined && onlyif === `test -L ${path}`) looked.add(path);
    return;
  }
  const [, owned, below] = THEIRS.exec(name) ?? [];
  if (owned === undefined || below === undefined) return;
  if (!ALLOWED.includes(fun)) yield `${file}: ${id} edits as root what may be a link of another's`;
  if (fun === "file.managed" && followsLinks) yield `${file}: ${id} writes through a link in the place of ${name}`;
  let part = owned;
  for (const one of below.split("/")) {
    part += `/${one}`;
    if (!looked.has(part)) yield `${file}: ${id} acts as root below ${part}, which may be a link of another's`;
  }
}
