// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";

const opaque = message("QB701", {
  severity: "error",
  title: "A part of the tree cannot be known before it runs",
  say: (why: string) => `this cannot be audited: ${why}`,
  why: "Whatever stands here is judged by nobody: an audit that passed over it in silence would be worth nothing.",
  fix: "Write it as plain YAML (first line #!yaml), with exact values; or read it yourself, knowing that nothing here did.",
  source: "Salt's documentation, renderers",
});

const pattern = message("QB702", {
  severity: "error",
  title: "The top file gives states to machines by a pattern",
  say: (target: string, match: string) => `${target} (${match}) may be any machine`,
  why: "A pattern matches qubes that are not this formula's, today or later.",
  fix: "Name each machine exactly.",
  source: "qubes-mgmt-salt-base-topd; Salt's documentation, top file",
});

/** What was not understood, and who is not named. */
export function* readable({ facts: { tree, states } }: Audit) {
  for (const one of states.opaque) yield opaque.at(placeIn(tree, one), one.why);
  for (const one of states.patterns) yield pattern.at(placeIn(tree, one), one.target, one.match);
}
