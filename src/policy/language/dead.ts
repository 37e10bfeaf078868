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
  const everyone: Everyone = {
    targets: targetsOf(system),
    sources: [...system.keys()].filter((name) => name !== "dom0"),
    system,
  };
  const before = new Map<string, Place[]>();
  const dead: Dead[] = [];
  for (const [at, rule] of rules.entries()) {
    const earlier = merged(
      before.get("*") ?? [],
      rule.service === undefined ? [] : (before.get(rule.service) ?? []),
    ).filter((other) => other.argument === undefined || other.argument === rule.argument);
    const found = reached(rule, earlier, everyone);
    if (found) dead.push({ rule, by: found });
    const key = rule.service ?? "*";
    const known = before.get(key);
    if (known) known.push({ at, rule });
    else before.set(key, [{ at, rule }]);
  }
  return dead;
}

interface Place {
  readonly at: number;
  readonly rule: Rule;
}

/** Two lists of lines, each in its order, as one. */
function merged(a: readonly Place[], b: readonly Place[]): Rule[] {
  const all = a.length === 0 ? b : b.length === 0 ? a : [...a, ...b].toSorted((one, other) => one.at - other.at);
  return all.map(({ rule }) => rule);
}

interface Everyone {
  readonly sources: readonly string[];
  readonly targets: readonly Token[];
  readonly system: System;
}

/** Undefined if some call reaches the line; else the lines that take its calls. */
function reached(rule: Rule, earlier: readonly Rule[], { sources, targets, system }: Everyone): Rule[] | undefined {
  const takers = new Set<Rule>();
  const goals = isName(rule.target) ? [rule.target].filter(({ name }) => system.has(name)) : targets;
  for (const source of isName(rule.source) ? [rule.source.name].filter((name) => system.has(name)) : sources) {
    const caller: Token = { kind: "qube", name: source };
    if (!matches(rule.source, caller, source, system)) continue;
    const rivals = earlier.filter((other) => matches(other.source, caller, source, system));
    for (const target of goals) {
      if (!matches(rule.target, target, source, system)) continue;
      const taker = rivals.find((other) => matches(other.target, target, source, system));
      if (!taker) return undefined;
      takers.add(taker);
    }
  }
  return earlier.filter((one) => takers.has(one));
}

/** Whether a token means one qube and no other word does. */
function isName(token: Token): token is Extract<Token, { readonly name: string }> {
  return token.kind === "qube" && !token.name.startsWith("uuid:");
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
