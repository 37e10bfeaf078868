// SPDX-License-Identifier: GPL-3.0-or-later
import type { Audit } from "../../audit/finding.ts";
import { waysOf, type Way } from "../../audit/ways.ts";

/** An end of a way, as a picture shows it. */
export interface Node {
  readonly name: string;
  /** The role that it claims; `net qube`, or nothing for what is no qube. */
  readonly role: string;
  readonly kind: "qube" | "stock" | "outside";
  /** Whether it has no net qube. */
  readonly offline: boolean;
}

/** A system as a graph: all ends, and every way between them but Whonix' own calls. */
export interface Picture {
  readonly nodes: readonly Node[];
  readonly ways: readonly Way[];
}

/** What a picture of an audited tree shows. */
export function pictureOf(audit: Audit): Picture {
  const { facts, machine } = audit;
  const all = waysOf(audit);
  // A gateway's own link to what it exposes is how an onion service ends; the way from outside says it.
  const exposed = new Set(
    all.filter(({ kind }) => kind === "onion").map(({ to, what }) => `${what.split(", through ")[1]} ${to}`),
  );
  const ways = all.filter(({ kind, from, to }) => kind !== "link" || !exposed.has(`${from} ${to}`));
  const ours = new Set(machine.ours.map(({ name }) => name));
  const ends = new Set([...ours, ...ways.flatMap(({ from, to }) => [from, to])]);
  const linked = new Set(ways.filter(({ kind }) => kind === "network").map(({ from }) => from));
  const nodes = [...ends].toSorted().map((name): Node => ({
    name,
    role: facts.roles.get(name) ?? (facts.qubes.has(name) || machine.system.has(name) ? "net qube" : ""),
    kind: ours.has(name) ? "qube" : machine.system.has(name) ? "stock" : "outside",
    offline: ours.has(name) && !linked.has(name),
  }));
  return { nodes, ways };
}

/** Ways between the same two ends by the same kind, as one, with all that they reach. */
export function bundled({ ways }: Picture): { from: string; to: string; kind: Way["kind"]; what: readonly string[] }[] {
  const found = new Map<string, { from: string; to: string; kind: Way["kind"]; what: string[] }>();
  for (const { from, to, kind, what } of ways) {
    const key = `${from}\n${to}\n${kind}`;
    const known = found.get(key) ?? { from, to, kind, what: [] };
    found.set(key, known);
    known.what.push(what);
  }
  return [...found.values()];
}
