// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model, Qube } from "../model/model.ts";
import { knows } from "../model/settled.ts";
import { optionsOf, type Option } from "../software/option.ts";

const notInVersion = message("QB214", {
  severity: "error",
  title: "a setting is not known to the chosen version",
  say: (name: string, program: string, version: string, { since, until }: Option) =>
    until !== undefined && !knows(version, { until })
      ? `${name} was removed in ${program} ${until}; this qube runs ${version}`
      : `${name} came with ${program} ${since}; this qube runs ${version}`,
  why: "The version would refuse to start, or pass over the setting in silence.",
  fix: (name, _program, _version, { instead }) =>
    instead === undefined ? "Remove it, or choose another version." : `Remove ${name}; write ${instead} instead.`,
});

const needsReason = message("QB215", {
  severity: "error",
  title: "a setting departs from a safe default without a reason",
  say: (name: string, safe: string) => `${name} departs from a safe default: ${safe}`,
  why: "Some settings are safe as they are, and whoever changes one should be able to say why, also to those who read the topology later.",
  fix: (name) => `Remove it, or give the reason: because: { ${name}: … }.`,
});

/** Each chosen setting is one that the version of the qube knows. */
export function* settingsFitVersion(model: Model): Iterable<Finding> {
  for (const [qube, option] of chosen(model)) {
    const { name } = option;
    if (knows(qube.version, option)) continue;
    const path = [...qube.path, "settings", name];
    yield {
      ...finding(notInVersion, path, name, qube.role.program?.name ?? qube.role.name, qube.version, option),
      part: "key",
    };
  }
}

/** A setting that is safe as it is, is written only with a reason. */
export function* guardedSettings(model: Model): Iterable<Finding> {
  for (const [qube, { name, owner, refused, why, what }] of chosen(model)) {
    if (owner !== "guarded") continue;
    yield {
      ...finding(
        needsReason,
        [...qube.path, "settings", name],
        name,
        refused ?? (typeof why === "string" ? why : what),
      ),
      part: "key",
      unless: { qube, key: name },
    };
  }
}

function* chosen(model: Model): Iterable<readonly [Qube, Option]> {
  for (const qube of model.qubes) {
    if (!qube.role.options) continue;
    for (const option of optionsOf(qube.role.options)) if (option.name in qube.settings) yield [qube, option];
  }
}
