// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";
import type { StateCall } from "../states.ts";

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
  for (const state of states.calls)
    for (const why of known(state)) yield opaque.at(placeIn(tree, state), `${state.id}: ${why}`);
  for (const one of states.opaque) yield opaque.at(placeIn(tree, one), one.why);
  for (const one of states.patterns) yield pattern.at(placeIn(tree, one), one.target, one.match);
}

/** Arguments by which Salt makes something else of a state than what stands there (Salt's documentation: file.managed, slots, names, use). */
const TURNED: Readonly<Record<string, string>> = {
  template: "the file is rendered when it is written, so its text here is not what lands",
  contents_grains: "its text comes from a grain of the machine",
  names: "names makes several states of one",
  use: "it takes arguments from another state",
  use_in: "it gives arguments to another state",
  fun_args: "a function is called by name",
};

function* known({ args, name }: StateCall): Iterable<string> {
  for (const [key, why] of Object.entries(TURNED)) if (args.has(key)) yield why;
  if (hasSlot(name) || [...args.values()].some(hasSlot)) yield "a slot (__slot__:) runs a function when the state runs";
}

function hasSlot(value: unknown): boolean {
  if (typeof value === "string") return value.startsWith("__slot__:");
  return typeof value === "object" && value !== null && Object.values(value).some(hasSlot);
}
