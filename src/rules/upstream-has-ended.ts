// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const ended = message("QB601", {
  severity: "warning",
  title: "upstream has given up the software of a qube",
  say: (what: string, _why: string) => what,
  why: "Software that nobody mends is no place for coins in the long run: what is found in it stays in it.",
  fix: (_what, why) => `${why} Leave the qube out if you do not need it, and put no more at stake than you would lose.`,
});

/** What upstream has archived or ended is said where it is chosen. */
export function* upstreamHasEnded(model: Model): Iterable<Finding> {
  for (const { role, path } of model.qubes) {
    if (role.ended) yield finding(ended, [...path, "role"], role.ended.value, role.ended.why);
  }
}
