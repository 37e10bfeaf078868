// SPDX-License-Identifier: GPL-3.0-or-later
import type { Machine } from "./machine.ts";
import { decide, type Decision } from "../policy/language/evaluate.ts";
import { linesFor, sortOf, type Lines } from "../policy/language/lines.ts";
import type { Policy } from "../policy/language/load.ts";
import type { Rule } from "../policy/language/rule.ts";
import { asToken, matches, type System } from "../policy/language/system.ts";
import type { Token } from "../policy/language/token.ts";

/** A service that no line names: it stands for all of them. */
export const UNNAMED = "no.such.Service";

/** The service by which a qube dials a port of another; its argument is the port (qubes-core-agent-linux qubes-rpc/qubes.ConnectTCP). */
export const PORTS = "qubes.ConnectTCP";

/** A call that passes or is asked about. */
export interface OpenCall {
  readonly service: string;
  /** With its `+`. */
  readonly argument: string;
  /** Whether the argument is one that no line names, and so stands for any. */
  readonly any: boolean;
  readonly source: string;
  /** As the caller names it. */
  readonly target: string;
  readonly decision: Exclude<Decision, { kind: "deny" }>;
}

/** Who may be at the ends of a call. */
interface Ends {
  readonly ours: readonly string[];
  readonly strangers: readonly string[];
}

/**
 * Every call that passes or is asked about, from and to qubes of which at least one is ours, dom0 and disposables: by every service that a line
 * names, and by one that none names; with an argument that no line names, and then with each that one does. Calls that only lines of denial could
 * be about are not asked: none of them passes.
 */
export function* openCalls(policy: Policy, system: System, ends: Ends): Iterable<OpenCall> {
  if (policy.problems.length > 0) return;
  const disposables = [...system].filter(([, { templateForDispvms }]) => templateForDispvms).map(([name]) => name);
  const words: Word[] = [
    ["@default", { kind: "default" }],
    ["@dispvm", { kind: "dispvm" }],
    ["dom0", { kind: "adminvm", named: true }],
    ["@adminvm", { kind: "adminvm", named: false }],
    ...disposables.map((name): Word => [`@dispvm:${name}`, { kind: "dispvm-of", name }]),
    ...ends.ours.map(asWord),
  ];
  const more = [...words, ...ends.strangers.map(asWord)];
  for (const service of servicesOf(policy.rules)) {
    const lines = linesFor(policy, service);
    const numbered = [...lines.all.entries()];
    const open = numbered.filter(([, { action }]) => action.kind !== "deny");
    if (open.length === 0) continue;
    const closing = numbered.filter(
      ([, { action, target }]) => action.kind === "deny" && (target.kind === "anyvm" || target.kind === "everything"),
    );
    const asking = { service, asked: argumentsOf(service, lines.all), open, closing, policy, system };
    const [many, few] = [alike(more, lines, system), alike(words, lines, system)];
    for (const source of ends.ours) yield* openFrom(source, many, asking);
    for (const source of ends.strangers) yield* openFrom(source, few, asking);
  }
}

const known = new WeakMap<Machine, readonly OpenCall[]>();

/** All of a machine's, asked once: several look at them. */
export function openCallsOf(machine: Machine): readonly OpenCall[] {
  const { policy, system, ours, strangers } = machine;
  const found = known.get(machine) ?? [...openCalls(policy, system, { ours: ours.map(({ name }) => name), strangers })];
  known.set(machine, found);
  return found;
}

type Word = readonly [said: string, meant: Token];

function asWord(name: string): Word {
  return [name, { kind: "qube", name }];
}

interface Asking {
  readonly service: string;
  readonly asked: readonly string[];
  /** The lines that let calls pass or ask, each with its place among those of the service. */
  readonly open: readonly Numbered[];
  /** Those that deny a caller every qube. */
  readonly closing: readonly Numbered[];
  readonly policy: Policy;
  readonly system: System;
}

type Numbered = readonly [at: number, line: Rule];

/** Words that every line of a service's answers alike: one that a line names is alone. */
function alike(words: readonly Word[], { targets, numbered }: Lines, system: System): Word[][] {
  const groups = new Map<string, Word[]>();
  for (const word of words) {
    const [name, { kind }] = word;
    const key = (kind === "qube" && !numbered && !targets.has(name) ? sortOf(name, system) : undefined) ?? name;
    const known = groups.get(key);
    if (known) known.push(word);
    else groups.set(key, [word]);
  }
  return [...groups.values()];
}

function* openFrom(source: string, groups: readonly Word[][], asking: Asking): Iterable<OpenCall> {
  const { service, asked, open, closing, policy, system } = asking;
  const caller = asToken(source);
  const ofCaller = ([, line]: Numbered) => matches(line.source, caller, source, system);
  const mine = open.filter(ofCaller);
  if (mine.length === 0) return;
  const shut = closing.filter(ofCaller);
  for (const [at, argument] of asked.entries()) {
    const about = ([, line]: Numbered) => line.argument === undefined || line.argument === argument;
    const all = mine.filter(about);
    if (all.length === 0) continue;
    // Behind a line that denies every qube only dom0 is left.
    const end = shut.find(about)?.[0] ?? Infinity;
    const early = all.filter(([place]) => place < end);
    for (const group of groups) {
      const words = group.filter(([name]) => name !== source);
      const [first] = words;
      const fitting = first?.[1].kind === "adminvm" ? all : early;
      if (!first || !fitting.some(([, line]) => matches(line.target, first[1], source, system))) continue;
      let last: Decision | undefined;
      for (const [target] of words) {
        // An allow says where the call ends; everything else is the same for all of a group.
        const decision: Decision =
          last === undefined || last.kind === "allow"
            ? decide(policy, { service, argument, source, target }, system)
            : last;
        last = decision;
        if (decision.kind === "deny") break;
        yield { service, argument, any: at === 0, source, target, decision };
      }
    }
  }
}

function servicesOf(rules: readonly Rule[]): Set<string> {
  return new Set([...rules.flatMap(({ service }) => service ?? []), UNNAMED]);
}

/** First an argument that no line names, then each that one does. */
function argumentsOf(service: string, lines: readonly Rule[]): string[] {
  const named = new Set(lines.flatMap(({ argument }) => argument ?? []));
  return [unnamed(service, named), ...named];
}

function unnamed(service: string, named: ReadonlySet<string>): string {
  for (let at = service === PORTS ? 22 : 0; ; at++) {
    const argument = service === PORTS ? `+${at}` : `+other${at === 0 ? "" : at}`;
    if (!named.has(argument)) return argument;
  }
}

/** A port, as an argument, that no line names: it stands for all of those. */
export function anyPort(policy: Policy): string {
  return argumentsOf(PORTS, linesFor(policy, PORTS).all)[0] ?? "";
}
