// SPDX-License-Identifier: GPL-3.0-or-later
import type { Pair } from "../../audit/pairs.ts";
import { wrapped } from "../wrapped.ts";

/** Who a list of names is, where it has a shorter name. */
export interface Crowd {
  readonly ours: readonly string[];
  readonly strangers: readonly string[];
}

/** The calls that pass besides links, those of the clock and to dom0 included, and then those that need the user's word: a block for all services between the same qubes. */
export function otherCalls(pairs: readonly Pair[], crowd: Crowd): string[] {
  const told = pairs.filter(({ from }) => from !== "dom0");
  return [
    ...blocks("Other calls that pass:", told, ["call", "clock"], crowd),
    ...blocks("Only if you say so, each time:", told, ["ask"], crowd),
  ];
}

function blocks(title: string, pairs: readonly Pair[], kinds: readonly string[], crowd: Crowd): string[] {
  const byCall = new Map<string, [string, string][]>();
  for (const { from, to, ways } of pairs)
    for (const { kind, what } of ways) {
      if (!kinds.includes(kind)) continue;
      const name = what.replace(/, (?:if you say so each time|in a new disposable of it)/g, "");
      const known = byCall.get(name) ?? [];
      byCall.set(name, known);
      known.push([from, to]);
    }
  const byEnds = new Map<string, string[]>();
  for (const [name, ends] of byCall) {
    const who = endsText(ends, crowd);
    byEnds.set(who, [...(byEnds.get(who) ?? []), name]);
  }
  if (byEnds.size === 0) return [];
  return [
    title,
    ...[...byEnds].flatMap(([who, names]) => [...wrapped(names.join(", "), "  "), ...wrapped(who, "      ")]),
  ];
}

/** From whom to whom: all at once where each reaches each, else one by one. */
function endsText(pairs: readonly (readonly [string, string])[], crowd: Crowd): string {
  const [froms, tos] = [new Set(pairs.map(([from]) => from)), new Set(pairs.map(([, to]) => to))];
  const ours = new Set(crowd.ours);
  let all = 0;
  for (const from of froms) for (const to of tos) if (from !== to && (ours.has(from) || ours.has(to))) all += 1;
  if (new Set(pairs.map(([from, to]) => `${from} ${to}`)).size === all)
    return `${namesText([...froms], crowd)} → ${namesText([...tos], crowd)}`;
  const byFrom = new Map<string, string[]>();
  for (const [from, to] of pairs) byFrom.set(from, [...(byFrom.get(from) ?? []), to]);
  const byTargets = new Map<string, string[]>();
  for (const [from, to] of byFrom) {
    const key = namesText([...new Set(to)], crowd, from);
    byTargets.set(key, [...(byTargets.get(key) ?? []), from]);
  }
  return [...byTargets].map(([to, from]) => `${namesText(from, crowd)} → ${to}`).join("; ");
}

/** Names, or the word for all of them; `but` is not counted as missing. */
export function namesText(names: readonly string[], { ours, strangers }: Crowd, but?: string): string {
  const rest = new Set(names);
  const takes = (all: readonly string[]) => {
    const wanted = all.filter((name) => name !== but);
    if (wanted.length < 2 || !wanted.every((name) => rest.has(name))) return false;
    for (const name of wanted) rest.delete(name);
    return true;
  };
  const [every, others] = [takes(ours), takes(strangers)];
  const words = every && others ? ["any qube"] : [...(every ? ["any of these"] : []), ...(others ? ["any other"] : [])];
  return [...rest, ...words].join(", ");
}
