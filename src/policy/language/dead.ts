// SPDX-License-Identifier: GPL-3.0-or-later
import { matches, type System } from "./system.ts";
import type { Policy } from "./load.ts";
import type { Rule } from "./rule.ts";
import type { Token } from "./token.ts";

/** A line that decides nothing on this machine: what it is about is decided before (`by`), or no qube is meant by it (`by` is empty). */
export interface Dead {
  readonly rule: Rule;
  /** The lines that are tried before it and take its calls, in order. */
  readonly by: readonly Rule[];
}

/**
 * Every line that no call can reach. Exact for the given machine: a line for all services, or all arguments, is alive if one that no other line
 * names still reaches it.
 */
export function deadRules({ rules }: Policy, system: System): Dead[] {
  const targets = targetsOf(system);
  const sources = [...system.keys()].filter((name) => name !== "dom0");
  const before = new Map<string, Rule[]>();
  const dead: Dead[] = [];
  for (const rule of rules) {
    const earlier = [
      ...(before.get("*") ?? []),
      ...(rule.service === undefined ? [] : (before.get(rule.service) ?? [])),
    ].filter((other) => other.argument === undefined || other.argument === rule.argument);
    const found = reached(rule, inOrder(earlier, rules), sources, targets, system);
    if (found) dead.push({ rule, by: found });
    const key = rule.service ?? "*";
    before.set(key, [...(before.get(key) ?? []), rule]);
  }
  return dead;
}

function inOrder(some: readonly Rule[], all: readonly Rule[]): Rule[] {
  const wanted = new Set(some);
  return all.filter((rule) => wanted.has(rule));
}

/** Undefined if some call reaches the line; else the lines that take its calls. */
function reached(
  rule: Rule,
  earlier: readonly Rule[],
  sources: readonly string[],
  targets: readonly Token[],
  system: System,
): Rule[] | undefined {
  const takers = new Set<Rule>();
  for (const source of sources) {
    const caller: Token = { kind: "qube", name: source };
    if (!matches(rule.source, caller, source, system)) continue;
    const rivals = earlier.filter((other) => matches(other.source, caller, source, system));
    for (const target of targets) {
      if (!matches(rule.target, target, source, system)) continue;
      const taker = rivals.find((other) => matches(other.target, target, source, system));
      if (!taker) return undefined;
      takers.add(taker);
    }
  }
  return earlier.filter((one) => takers.has(one));
}

/** All that a caller may name and dom0 tells apart. */
function targetsOf(system: System): Token[] {
  const names = [...system.keys()].filter((name) => name !== "dom0");
  return [
    { kind: "default" },
    { kind: "dispvm" },
    { kind: "adminvm", named: true },
    { kind: "adminvm", named: false },
    ...names.map((name): Token => ({ kind: "qube", name })),
    ...names
      .filter((name) => system.get(name)?.templateForDispvms === true)
      .map((name): Token => ({ kind: "dispvm-of", name })),
  ];
}
