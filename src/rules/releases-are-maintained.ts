// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const endOfLife = message("QB605", {
  severity: "warning",
  title: "a version of a program gets no corrections any more",
  say: (program: string, version: string, _why: string, _preferred: string) =>
    `${program} ${version} is at its end of life`,
  why: (_program, _version, why) => `${why} What is found in it stays in it.`,
  fix: (_program, _version, _why, preferred) =>
    `Write version: "${preferred}", or leave the key out. Read what changes between the two first: some ways lead only forward.`,
});

const superseded = message("QB606", {
  severity: "note",
  title: "a version of a program has a successor",
  say: (program: string, version: string, _why: string, _preferred: string) => `${program} ${version} has a successor`,
  why: (_program, _version, why) => `${why} Corrections go into the newest version.`,
  fix: (_program, _version, _why, preferred) =>
    `Write version: "${preferred}", unless something here needs the older one.`,
});

/** Each chosen version is one that upstream still corrects. (What upstream has given up altogether is QB601's.) */
export function* releasesAreMaintained(model: Model): Iterable<Finding> {
  for (const { role, release, path } of model.qubes) {
    if (!role.program || !release) continue;
    const { name, preferred } = role.program;
    const say = release.status === "end-of-life" ? endOfLife : release.status === "superseded" ? superseded : undefined;
    const successor = role.program.releases.find((one) => one.status === "current")?.version ?? preferred;
    if (say) yield finding(say, [...path, "version"], name, release.version, release.why, successor);
  }
}
