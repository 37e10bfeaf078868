// SPDX-License-Identifier: GPL-3.0-or-later
import { decide, type Decision } from "../policy/language/evaluate.ts";
import type { Audit } from "./finding.ts";
import { CLEARNET, fromGateway, inwardDenied, outward, outwardDenied, type Denied } from "./outward.ts";
import { anyPort, PORTS } from "./open-calls.ts";
import { passingCalls } from "./passing.ts";
import { placeOfRule } from "./places.ts";
import { TOR, waysOf, type Way } from "./ways.ts";

/** Two ends, of which the first may reach the second or not. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  /** Every way, those that need the user's word each time at the end. */
  readonly ways: readonly Way[];
  /** Only where there is no way at all: why, and which line or state closes it. */
  readonly denied?: Denied;
  /** Between two qubes: what answers a call to a port that no way names. */
  readonly rest?: Denied;
}

const DOM0 = "dom0";
/** The order in which the ways of a pair are told. */
const ORDER: readonly Way["kind"][] = ["link", "network", "onion", "call", "clock", "ask"];

/**
 * Every ordered pair of ends of which at least one is a qube of ours: our qubes, the stock qubes that stand for all others, Tor with what is
 * beyond it, the clearnet and dom0. Templates are no ends: nothing of a system runs in one.
 */
export function pairsOf(audit: Audit): Pair[] {
  const { machine } = audit;
  const ours = machine.ours.map(({ name }) => name);
  const isOurs = new Set(ours);
  const qubes = [...ours, ...machine.strangers];
  const found = byEnds(audit, new Set(qubes));
  const closed = closer(audit);
  const pairs: Pair[] = [];
  for (const from of [...qubes, TOR, CLEARNET, DOM0])
    for (const to of [...qubes, TOR, CLEARNET, DOM0]) {
      if (from === to || (!isOurs.has(from) && !isOurs.has(to))) continue;
      const ways = found.get(from)?.get(to) ?? [];
      const rest = isQube(from) && isQube(to) ? closed(from, to) : undefined;
      const denied = ways.length > 0 ? undefined : (rest ?? outside(from, to, audit));
      pairs.push({ from, to, ways, ...(denied && { denied }), ...(rest && { rest }) });
    }
  return pairs;
}

/** Whether an end is a qube; dom0 has calls of its own. */
function isQube(end: string): boolean {
  return end !== TOR && end !== CLEARNET && end !== DOM0;
}

function byEnds(audit: Audit, qubes: ReadonlySet<string>): Map<string, Map<string, Way[]>> {
  const found = new Map<string, Map<string, Way[]>>();
  const add = (way: Way) => {
    const of = found.get(way.from) ?? new Map<string, Way[]>();
    found.set(way.from, of);
    const known = of.get(way.to);
    if (known) known.push(way);
    else of.set(way.to, [way]);
  };
  for (const way of waysOf(audit)) {
    // Addresses of the clearnet are told by `outward`, and whoever comes by an onion service comes through Tor.
    if (way.kind === "onion") add({ ...way, from: TOR, what: `${way.what}, for ${way.from}` });
    else if (qubes.has(way.to) || way.to === TOR) add(way);
  }
  for (const { name, at } of audit.machine.ours) {
    for (const way of [...outward(name, audit), ...fromGateway(name, audit)]) add(way);
    // Qubes' own design: dom0 asks no policy (qubes-core-qrexec daemon/qrexec-client.c).
    const what = "everything: it rules every qube, and no policy is asked";
    add({ from: DOM0, to: name, kind: "call", what, by: { file: at.file, line: at.line }, starts: true });
  }
  for (const way of passingCalls(audit)) add(way);
  for (const of of found.values())
    for (const ways of of.values()) ways.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return found;
}

/** What answers a call to any port of a qube, by its name and without one. Undefined where the policy lets it pass. */
function closer(audit: Audit): (from: string, to: string) => Denied | undefined {
  const { policy, system } = audit.machine;
  const argument = anyPort(policy);
  const answer = (source: string, target: string) =>
    decide(policy, { service: PORTS, argument, source, target }, system);
  const unnamed = new Map<string, Decision>();
  const said = new Map<string, Denied>();
  return (from, to) => {
    const byName = answer(from, to);
    const byNone = unnamed.get(from) ?? answer(from, "@default");
    unnamed.set(from, byNone);
    if (byName.kind !== "deny") return undefined;
    const [named, other] = [lineOf(byName, audit), byNone.kind === "deny" ? lineOf(byNone, audit) : undefined];
    const apart = other && other.text !== named?.text ? other : undefined;
    const key = `${named?.file} ${named?.line} ${named?.text} ${apart?.line} ${apart?.text}`;
    const known = said.get(key) ?? {
      why: [named ? `"${named.text}" answers a call to its ports` : `${byName.why}: no call to its ports passes`]
        .concat(apart ? `"${apart.text}" answers one that names no qube` : [])
        .join("; "),
      ...(named && { by: { file: named.file, line: named.line } }),
      lines: [named, apart].filter((one) => one !== undefined),
    };
    said.set(key, known);
    return known;
  };
}

function lineOf({ rule }: Decision, audit: Audit): NonNullable<Denied["lines"]>[number] | undefined {
  return rule && { ...placeOfRule(rule, audit), text: rule.text.replaceAll(/\s+/g, " ") };
}

function outside(from: string, to: string, audit: Audit): Denied {
  if (to === DOM0) return { why: "no line of the policy lets it call dom0" };
  if (from === DOM0) return { why: "dom0 has no network (Qubes' own design)" };
  return to === TOR || to === CLEARNET ? outwardDenied(from, to, audit) : inwardDenied(to, from, audit);
}
