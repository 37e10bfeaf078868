// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/** A removal by find as the owner of the folder, from a place that he may enter; root's own folders of ours lie below /usr/local alone. */
const AS_OWNER =
  /^cd \/ && runuser -u (?:root -- find \/usr\/local\/\S+|(?!root )[a-z][a-z-]* -- find \S+) [^;&|]*-delete$/;

/** Folders that belong to others than root: what lies there may be a link to anything, and root would follow it. */
export function* foreignFolders({ states }: Reading, model: Model): Iterable<string> {
  const qubes = paths(model.formula).qube("").slice(0, -4);
  for (const { file, id, fun, name, cleans } of states) {
    if (cleans) yield `${file}: ${id} would have root empty whatever folder ${name} leads to`;
    if (!file.startsWith(qubes)) continue;
    if (fun === "cmd.run" && /-delete\b/.test(name) && !AS_OWNER.test(name))
      yield `${file}: ${id} removes as root what another put there`;
  }
}
