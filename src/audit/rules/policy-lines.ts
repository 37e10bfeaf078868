// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";
import { deadRules } from "../../policy/language/dead.ts";
import type { Rule } from "../../policy/language/rule.ts";
import { neverMatches, written, type Token } from "../../policy/language/token.ts";
import type { Facts } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";

const POLICY = "qubes-core-qrexec qrexec/policy/parser.py";

const refused = message("QB710", {
  severity: "error",
  title: "A policy file that qrexec refuses",
  say: (say: string) => `qrexec refuses this policy: ${say}`,
  why: "One bad line or file name anywhere, and dom0 refuses every call on the machine.",
  fix: "Write the line as the policy format asks (service, +argument or *, source, target, action).",
  source: POLICY,
});

const shadowed = message("QB711", {
  severity: "error",
  title: "A policy line that never counts",
  say: (line: string, by: string) => `this line never counts: ${line}; before it stands ${by}`,
  why: "The first line that fits decides. What was meant here does not happen: an allow that opens nothing, or a deny that closes nothing.",
  fix: "Move it above what shadows it, or into a file that sorts earlier; or take it out.",
  source: POLICY,
});

const matchesNothing = message("QB712", {
  severity: "error",
  title: "A policy line about nobody",
  say: (line: string, who: string) => `this line is about nobody: no qube is meant by ${who} (${line})`,
  why: "A misspelt name or tag is no error to qrexec: the line is read, and never fits. A deny of that kind closes nothing.",
  fix: "Name a qube that this tree makes or that every machine has, or a tag that one of them bears.",
  source: POLICY,
});

const sorts = message("QB713", {
  severity: "error",
  title: "A policy file that comes too late",
  say: (file: string, stock: string) => `${file} is read after ${stock}, which decides the same calls`,
  why: "Files are read in the order of their names, and the first line that fits counts.",
  fix: "Give it a number that sorts before (45 for what Whonix and the global settings decide, 80 for ports).",
  source: POLICY,
});

/** Every line of ours is read, can count, and is about somebody. */
export function* policyLines({ facts, machine }: Audit) {
  const { policy, system } = machine;
  for (const { file, line, say } of [...policy.problems, ...policy.opaque]) {
    const landed = facts.policies.get(file);
    yield refused.at(landed && placeIn(facts.tree, { file: landed.origin, line: Math.max(1, line) }), say);
  }
  const named = new Set<Rule>();
  for (const rule of policy.rules) {
    const landed = facts.policies.get(rule.file);
    if (!landed) continue;
    for (const token of [rule.source, rule.target, ...redirects(rule)]) {
      if (!isNobody(token, facts, system)) continue;
      named.add(rule);
      yield matchesNothing.at(placeIn(facts.tree, { file: landed.origin, line: rule.line }), rule.text, written(token));
    }
  }
  for (const { rule, by } of deadRules(policy, system)) {
    const landed = facts.policies.get(rule.file);
    if (!landed || named.has(rule) || isRepeat(rule, by)) continue;
    const place = placeIn(facts.tree, { file: landed.origin, line: rule.line });
    const foreign = by.filter((one) => !facts.policies.has(one.file));
    const [first] = by;
    if (foreign.length > 0 && foreign.length === by.length && first)
      yield sorts.at(place, base(rule.file), base(first.file));
    else yield shadowed.at(place, rule.text, first ? `${base(first.file)}:${first.line}: ${first.text}` : "nothing");
  }
}

/** A deny below denies, or the very same allow: it says again what holds already, as a net under it. */
function isRepeat(rule: Rule, by: readonly Rule[]): boolean {
  if (rule.action.kind === "deny")
    return by.length > 0 && by.every(({ action }) => action.kind === "deny" || covered(rule, by));
  return by.length > 0 && by.every(({ action }) => JSON.stringify(action) === JSON.stringify(rule.action));
}

/** A general deny whose every single call was decided one by one before it: allows for those that are meant, denies for the rest. */
function covered(rule: Rule, by: readonly Rule[]): boolean {
  return by.some(({ action }) => action.kind === "deny") && rule.source.kind === "tag";
}

function redirects({ action }: Rule): Token[] {
  if (action.kind === "deny") return [];
  return [action.target, action.defaultTarget].filter((one) => one !== undefined);
}

function isNobody(token: Token, { qubes }: Facts, system: Audit["machine"]["system"]): boolean {
  if (neverMatches(token)) return true;
  switch (token.kind) {
    case "qube":
    case "dispvm-of":
      return !system.has(token.name) && !qubes.has(token.name);
    case "tag":
    case "dispvm-tag":
      return ![...system.values()].some(({ tags }) => tags.includes(token.name));
    default:
      return false;
  }
}

function base(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
