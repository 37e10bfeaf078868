// SPDX-License-Identifier: GPL-3.0-or-later
import type { Policy } from "./load.ts";
import type { Rule } from "./rule.ts";
import type { System } from "./system.ts";
import type { Token } from "./token.ts";

/** The lines of a policy that may be about one service, so kept that those about one pair of qubes are found without a look at the others. */
export interface Lines {
  /** All of them, in the order in which they are tried. */
  readonly all: readonly Rule[];
  /** By the source and then by the target that a line names; the empty name for a line about a group. Each list counts places in `all`, upwards. */
  readonly byNames: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  /** The targets that any of them names. */
  readonly targets: ReadonlySet<string>;
  /** Whether one names a qube by its number, which may be any. */
  readonly numbered: boolean;
  /** Answers that hold for every pair of the same sorts, by machine. */
  readonly kept: WeakMap<System, Map<string, Rule | undefined>>;
}

const GROUP = "";
const byPolicy = new WeakMap<Policy, Map<string, Lines>>();

/** The lines that may be about a service. Of a large system nearly all are about others. */
export function linesFor(policy: Policy, service: string): Lines {
  const ofPolicy = byPolicy.get(policy) ?? new Map<string, Lines>();
  byPolicy.set(policy, ofPolicy);
  const known = ofPolicy.get(service);
  if (known) return known;
  const lines = sorted(policy.rules.filter((one) => one.service === undefined || one.service === service));
  ofPolicy.set(service, lines);
  return lines;
}

function sorted(all: readonly Rule[]): Lines {
  const byNames = new Map<string, Map<string, number[]>>();
  for (const [at, { source, target }] of all.entries()) {
    const ofSource = byNames.get(named(source)) ?? new Map<string, number[]>();
    byNames.set(named(source), ofSource);
    const list = ofSource.get(named(target));
    if (list) list.push(at);
    else ofSource.set(named(target), [at]);
  }
  const numbered = all.some(({ source, target }) => isNumber(source) || isNumber(target));
  return { all, byNames, targets: new Set(all.map(({ target }) => named(target))), numbered, kept: new WeakMap() };
}

function named(token: Token): string {
  return token.kind === "qube" && !isNumber(token) ? token.name : GROUP;
}

function isNumber(token: Token): boolean {
  return "name" in token && token.name.startsWith("uuid:");
}

/** A question to the lines: names as the machine has them. */
interface Question {
  readonly argument: string;
  readonly source: string;
  /** The empty name for what is no qube. */
  readonly target: string;
  /** Whether a line fits. */
  readonly fits: (line: Rule) => boolean;
}

/** The first line of a service's that fits a call. */
export function firstLine(lines: Lines, question: Question, system: System): Rule | undefined {
  const { argument, source, target } = question;
  if (target === GROUP || lines.numbered) return search(lines, question);
  const from = lines.byNames.has(source) ? source : sortOf(source, system);
  const to = lines.targets.has(target) ? target : sortOf(target, system);
  // A pair that lines name has few lines; of all others, those of the same sorts are answered alike.
  if (from === undefined || to === undefined || (from === source && to === target)) return search(lines, question);
  const kept = lines.kept.get(system) ?? new Map<string, Rule | undefined>();
  lines.kept.set(system, kept);
  const key = `${argument} ${from} ${to}`;
  if (kept.has(key)) return kept.get(key);
  const found = search(lines, question);
  kept.set(key, found);
  return found;
}

function search({ all, byNames }: Lines, { source, target, fits }: Question): Rule | undefined {
  let first = all.length;
  const look = (list: readonly number[] | undefined) => {
    if (list === undefined) return;
    for (const at of list) {
      if (at >= first) return;
      if (fits(all[at] as Rule)) first = at;
    }
  };
  for (const ofSource of [byNames.get(source), byNames.get(GROUP)]) {
    look(ofSource?.get(target));
    if (target !== GROUP) look(ofSource?.get(GROUP));
  }
  return all[first];
}

const sorts = new WeakMap<System, Map<string, string>>();

/** All by which lines about groups, and what follows from them, can tell a qube from others. Undefined for what is no qube of the machine. */
export function sortOf(name: string, system: System): string | undefined {
  const ofSystem = sorts.get(system) ?? new Map<string, string>();
  sorts.set(system, ofSystem);
  const known = ofSystem.get(name);
  if (known !== undefined) return known;
  const domain = system.get(name);
  if (!domain) return undefined;
  const { type, tags, running } = domain;
  const sort = `(${type} ${running ? "runs" : "halted"} ${tags.toSorted().join(" ")})`;
  ofSystem.set(name, sort);
  return sort;
}
