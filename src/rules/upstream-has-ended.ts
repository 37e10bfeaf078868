// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const ended = message("QB601", {
  severity: "warning",
  title: "upstream has given up the software of a qube",
  say: (what: string) => what,
  why: "Nobody fixes it any more: what is found in it stays in it, with coins or anonymity at stake.",
  fix: "Leave the qube out if you do not need it, and put no more at stake than you would lose. `qwbtc-salt explain` with the qube's name says more.",
});

/** What upstream has archived or ended is said where it is chosen: once for each software, at the first of its qubes. */
export function* upstreamHasEnded(model: Model): Iterable<Finding> {
  const said = new Set<string>();
  for (const { role, path } of model.qubes) {
    if (!role.ended || said.has(role.ended.value)) continue;
    said.add(role.ended.value);
    yield finding(ended, [...path, "role"], role.ended.value);
  }
}
