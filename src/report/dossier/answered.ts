// SPDX-License-Identifier: GPL-3.0-or-later
import type { Audit } from "../../audit/finding.ts";
import { decide } from "../../policy/language/evaluate.ts";
import type { Rule } from "../../policy/language/rule.ts";

/** A pair of ends, the target as a caller names it. */
export interface Asked {
  readonly source: string;
  readonly target: string;
}

/**
 * Which calls each line of our files decides, of all that the machine's qubes can make: every pair, and callers who name nobody, a disposable or
 * dom0, by each service that our files name with each argument that they name and one that they do not.
 */
export function answeredBy({ facts, machine }: Audit): ReadonlyMap<Rule, readonly Asked[]> {
  const { policy, system } = machine;
  const found = new Map<Rule, Map<string, Asked>>();
  const own = policy.rules.filter(({ file }) => facts.policies.has(file));
  const sources = [...system.keys()].filter((name) => name !== "dom0");
  const targets = ["@default", "@dispvm", "dom0", ...sources];
  for (const [service, argument] of callsOf(own))
    for (const source of sources)
      for (const target of targets) {
        if (source === target) continue;
        const { rule } = decide(policy, { service, argument, source, target }, system);
        if (!rule || !facts.policies.has(rule.file)) continue;
        const known = found.get(rule) ?? new Map<string, Asked>();
        found.set(rule, known);
        known.set(`${source} ${target}`, { source, target });
      }
  return new Map([...found].map(([rule, pairs]) => [rule, [...pairs.values()]]));
}

function callsOf(rules: readonly Rule[]): [service: string, argument: string][] {
  const found = new Map<string, Set<string>>();
  for (const { service = "no.such.Service", argument } of rules) {
    const known = found.get(service) ?? new Set(service === "qubes.ConnectTCP" ? ["+22"] : ["+", "+other"]);
    if (argument !== undefined) known.add(argument);
    found.set(service, known);
  }
  return [...found].flatMap(([service, all]) => [...all].map((argument): [string, string] => [service, argument]));
}
