// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import { MEANINGFUL } from "./tags-are-ours.ts";

/** First path segments and top names of the formulas that Qubes ships, and words of Salt's own. */
const RESERVED = new Set(
  "anaconda default dom0 pillar pkg qubes qubes-ctl qvm salt ssh template top topd tops update updates virtual-mac vm whonix".split(
    " ",
  ),
);

const taken = message("QB403", {
  severity: "error",
  title: "the formula's name is used by Qubes, Whonix or Salt",
  say: (name: string) => `the formula name "${name}" is taken by Qubes OS, Whonix or Salt`,
  why: "Salt looks a state up by its path and takes the first root that has it: states of the machine's own would shadow ours, or ours theirs. And our qubes bear the name as a tag, on which policies may act.",
  fix: "Choose another name, qwbtc for instance.",
  source: "qubes-mgmt-salt-dom0-qvm, qubes-mgmt-salt-dom0-update, qubes-mgmt-salt-base-topd",
});

/** The formula's name is not one that the stock formulas use. */
export function* formulaNameIsFree({ formula }: Model): Iterable<Finding> {
  // The name is the tag of all our qubes, too.
  if (RESERVED.has(formula) || MEANINGFUL.test(formula)) yield finding(taken, ["formula"], formula);
}
