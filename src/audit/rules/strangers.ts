// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Rule } from "../../policy/language/rule.ts";
import { written, type Token } from "../../policy/language/token.ts";
import { placeIn, type Audit } from "../finding.ts";

const beyond = message("QB832", {
  severity: "error",
  title: "A policy line that lets pass what is none of this tree's business",
  say: (line: string, what: string) => `this line ${what}: ${line}`,
  why: "A policy file counts for the whole machine and is read before others: a line in it opens other people's qubes, or dom0, as easily as its own. A call with a user runs as whom the line names, root with it, whatever the service says.",
  fix: "Let a file of the formula open calls from its own qubes to its own qubes, and leave all else to 30-user.policy.",
  source: "qubes-core-qrexec qrexec/policy/parser.py: user, target",
});

/** Every allow and ask of the tree is from one of its qubes or templates to one of its qubes, as the service's own user. */
export function* strangers({ facts, machine }: Audit): Iterable<Diagnostic> {
  for (const rule of machine.policy.rules) {
    const landed = facts.policies.get(rule.file);
    if (!landed || rule.action.kind === "deny") continue;
    const at = placeIn(facts.tree, { file: landed.origin, line: rule.line });
    for (const what of faults(rule, (token) => token.kind === "qube" && facts.qubes.has(token.name)))
      yield beyond.at(at, rule.text, what);
  }
}

function* faults({ source, target, action }: Rule, isOurs: (token: Token) => boolean): Iterable<string> {
  if (action.kind === "deny") return;
  const ends = [action.target ?? target, ...(action.defaultTarget ? [action.defaultTarget] : [])];
  if (action.user !== undefined) yield `runs as ${action.user}`;
  if (!isOurs(source)) yield `lets ${written(source)} call, which this tree does not make`;
  for (const end of ends) if (!isOurs(end)) yield `leads to ${written(end)}, which this tree does not make`;
}
