// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const departure = message("QB603", {
  severity: "note",
  title: "a safe default is overridden for a reason that the topology gives",
  say: (what: string, reason: string) => `${what} (because: ${reason})`,
  why: "It was chosen, with a reason; it is shown so that nobody forgets it.",
  fix: "Nothing, as long as the reason holds. Remove both when it does not.",
});

const forNothing = message("QB604", {
  severity: "error",
  title: "a reason is given for nothing",
  say: (key: string, _open: readonly string[]) => `nothing in this qube needs a reason called "${key}"`,
  why: "A reason that stays behind would silently cover what is changed later.",
  fix: (_key, open) =>
    open.length === 0
      ? "Remove it."
      : `Remove it, or give it the name of what it is for. What needs a reason here: ${open.join(", ")}.`,
});

/** A finding, or the note that it becomes where the topology gives a reason. */
export function meant(one: Finding): Finding {
  const { unless, path, part } = one;
  const reason = unless?.qube.because[unless.key];
  if (reason === undefined) return one;
  return {
    path,
    ...(part && { part }),
    make: (span) => departure.at(span, one.make(span).say, reason),
  };
}

/** Reasons that no finding asked for. */
export function* reasonsForNothing(model: Model, findings: readonly Finding[]): Iterable<Finding> {
  for (const qube of model.qubes) {
    const open = findings.filter((one) => one.unless?.qube === qube).map((one) => one.unless?.key ?? "");
    for (const key of Object.keys(qube.because))
      if (!open.includes(key))
        yield { ...finding(forNothing, [...qube.path, "because", key], key, [...new Set(open)]), part: "key" };
  }
}
