// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { decide } from "../../policy/language/evaluate.ts";
import { asToken, matches } from "../../policy/language/system.ts";
import { netvmOf } from "../accepted.ts";
import { placeIn, type Audit } from "../finding.ts";

const intoTemplate = message("QB725", {
  severity: "error",
  title: "A qube may act in a template",
  say: (call: string, by: string) => `${call} passes, by ${by}`,
  why: "What changes a template is in every qube that is started from it, the ones with keys among them. Whoever takes over the caller has them all.",
  fix: "Let nothing call a template. A program is checked in the qube that runs it, or comes from the distribution.",
  source: "Qubes documentation, templates",
});

const sharedTemplate = message("QB737", {
  severity: "warning",
  title: "A qube without network shares its template with one that has one",
  say: (template: string, offline: readonly string[], online: readonly string[]) =>
    `${template} serves ${offline.join(" and ")}, without network, and ${online.join(" and ")}, with one`,
  why: "The programs that the network needs, and whatever is installed for it, are then in the qube that was to be kept apart.",
  fix: "A clone of the template for each kind of qube.",
  source: "Qubes documentation, templates",
});

/** Templates are changed by dom0 alone, and those of qubes without network serve no others. */
export function* templates(audit: Audit): Iterable<Diagnostic> {
  yield* calls(audit);
  const { facts, machine } = audit;
  for (const { name, klass, made, at } of facts.qubes.values()) {
    if (klass !== "TemplateVM" || !made) continue;
    const users = machine.ours.filter(({ template }) => template === name);
    const offline = users.filter((one) => netvmOf(one.name, facts) === null).map((one) => one.name);
    const online = users.filter((one) => netvmOf(one.name, facts) !== null).map((one) => one.name);
    if (offline.length > 0 && online.length > 0)
      yield sharedTemplate.at(placeIn(facts.tree, at), name, offline, online);
  }
}

/** Only allows and asks let something pass, so those of this tree are looked at, with each template that they can mean. */
function* calls({ facts, machine }: Audit): Iterable<Diagnostic> {
  const { policy, system } = machine;
  const all = [...system].filter(([, { type }]) => type === "TemplateVM").map(([name]) => name);
  for (const rule of policy.rules) {
    const landed = facts.policies.get(rule.file);
    if (!landed || rule.action.kind === "deny") continue;
    const { service = "no.such.Service", argument = "+" } = rule;
    for (const source of system.keys()) {
      if (!matches(rule.source, asToken(source), source, system)) continue;
      const passes = ["@default", ...all].some((target) => {
        const decision = decide(policy, { service, argument, source, target }, system);
        if (decision.kind === "deny" || decision.rule !== rule) return false;
        const ends = decision.kind === "allow" ? [decision.target] : decision.targets;
        return ends.some((end) => all.includes(end) && end !== source);
      });
      if (!passes) continue;
      yield intoTemplate.at(
        placeIn(facts.tree, { file: landed.origin, line: rule.line }),
        `${service}${argument} from ${source} to a template`,
        rule.text,
      );
      break;
    }
  }
}
