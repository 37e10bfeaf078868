// SPDX-License-Identifier: GPL-3.0-or-later
import type { Door, Told, Trust } from "../model/trust.ts";
import { auditTree } from "./audit.ts";
import { netvmOf, type Passing } from "./accepted.ts";
import type { Audit } from "./finding.ts";
import { passingFrom } from "./passing-from.ts";
import { forwards, roleOf, seen } from "./role-of.ts";
import { TOR, waysOf, type Way } from "./ways.ts";

/** What one of a tree's qubes is trusted with, what it learns, and what whoever took it over could do. */
export interface Knowledge {
  readonly qube: string;
  /** Sentences. */
  readonly trustedWith: readonly string[];
  /** What it learns, of whom, and why. */
  readonly learns: readonly (Told & { readonly from: string })[];
  /** What it could do: words that follow "it". */
  readonly ifTaken: readonly string[];
}

/** What somebody beyond the machine learns by the doings of a qube. */
export interface Stranger extends Told {
  readonly who: string;
  readonly by: string;
}

/**
 * What each qube of a tree learns and could do, in the tree's own order. From the tree alone: its role is as MANIFEST.json claims it, whom it reaches
 * is what the policy in force lets it. Of a qube whose role is not known only the latter is said.
 */
export function knowledgeOf(audit: Audit): Knowledge[] {
  const ways = waysOf(audit);
  const trust = trustOf(audit);
  const calls = passingFrom(audit);
  return audit.machine.ours.map(({ name }) => {
    const own = trust(name);
    return {
      qube: name,
      trustedWith: own?.with ?? [UNKNOWN],
      learns: [...(own?.learns ?? []), ...ways.flatMap((way) => learnt(name, way, trust, audit))],
      ifTaken: [
        ...new Set([
          ...(own?.ifTaken ?? []),
          ...ways.flatMap((way) => could(name, way, trust, audit)),
          ...further(name, ways),
          ...beyond(name, audit, ways, calls.get(name) ?? []),
        ]),
      ],
    };
  });
}

/** What those learn who are not on this machine, by which qube's doings. */
export function strangersOf(audit: Audit): Stranger[] {
  const trust = trustOf(audit);
  return audit.machine.ours.flatMap(({ name }) =>
    [...(trust(name)?.strangers ?? []), ...publishers(name, audit)].map((one) => ({ ...one, by: name })),
  );
}

/** Of a qube that fetches its program by itself: whoever publishes it hears of that. */
function publishers(name: string, { facts }: Audit): Trust["strangers"] {
  return (facts.landedIn.get(name) ?? []).flatMap(({ path, text = "" }) => {
    if (!path.endsWith("/recipe.json") || !/^ {2}"proxy": "/m.test(text)) return [];
    const [, program = "a program"] = /^ {2}"program": "([^"]*)"/m.exec(text) ?? [];
    const what = `that somebody behind Tor fetches ${program}, and which version; an exit sees from which host`;
    return [{ who: `publishers of ${program}, and Tor exits`, what, why: "The qube fetches it itself." }];
  });
}

const UNKNOWN = "Not known: MANIFEST.json gives it no role that is known here, so what it holds is for you to say.";

type TrustOf = (name: string) => Trust | undefined;

function trustOf({ facts }: Audit): TrustOf {
  const known = new Map<string, Trust | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, roleOf(name, facts)?.trust(seen(name, facts)));
    return known.get(name);
  };
}

/** A way as the roles of its ends look at it: the client, the server, and the port where there is one. */
function doorOf({ from, to, what }: Way, { facts }: Audit): Door {
  const port = Number(/^port ([0-9]+)/.exec(what)?.[1] ?? 0);
  return { client: seen(from, facts), server: seen(to, facts), port, forwards: forwards(to, facts) };
}

/** What a qube learns by being at the far end of a way. */
function learnt(name: string, way: Way, trust: TrustOf, audit: Audit): Knowledge["learns"] {
  const { from, to, kind, what } = way;
  if (to !== name) return [];
  if (kind === "onion") return (trust(name)?.outside ?? []).map((one) => ({ ...one, from }));
  if (kind !== "link" && kind !== "network") return [];
  // What is said over an onion service is its callers', and stands at their way.
  if (isOnionsEnd(way, audit)) return [];
  const role = roleOf(name, audit.facts)?.name ?? "";
  const served = trust(from)?.servedBy?.[role];
  if (served) return served.learns(doorOf(way, audit)).map((one) => ({ ...one, from }));
  // Of a gateway that carries another the way is said by its own strangers.
  if (trust(from) && trust(name)) return [];
  const said = kind === "link" ? `what ${from} says at ${what}` : `what ${from} dials, and when`;
  return [{ what: said, from, why: "It is at the other end; what its programs keep of it is not known here." }];
}

/** Whether a way is the last part of an onion service: its gateway is a client of what it exposes. */
function isOnionsEnd({ from, to, what, kind }: Way, { facts, machine, reach }: Audit): boolean {
  if (kind !== "link" || machine.osOf(from) !== "gateway") return false;
  const locals = reach.doors
    .filter(
      ({ client, argument, decision }) =>
        client === from &&
        decision.kind === "allow" &&
        decision.target === to &&
        what.startsWith(`port ${argument.slice(1)}`),
    )
    .map(({ local }) => local);
  const torrc = seen(from, facts).text(/\/torrc\.d\/[^/]+$/) ?? "";
  return locals.some((local) => new RegExp(`^HiddenServicePort [0-9]+ 127\\.0\\.0\\.1:${local}$`, "m").test(torrc));
}

/** What a qube could do by a way: as the one who goes it, or as the one at its end. */
function could(name: string, way: Way, trust: TrustOf, audit: Audit): readonly string[] {
  const { from, to, kind, what, starts } = way;
  const door = doorOf(way, audit);
  if (from === name) {
    const woken = starts === true ? [`could start ${to} whenever it likes.`] : [];
    const allowed = trust(to)?.allows?.(door);
    if (allowed) return [...allowed, ...woken];
    if (kind === "link") return [`could use ${what} of ${to}; what that lets it do is not known here.`, ...woken];
    if (kind === "network") return network(name, way, audit);
    return [`could reach ${to}: ${what}.`, ...woken];
  }
  if (to !== name) return [];
  if (kind === "onion") return [`could answer ${from}, by the onion service, with whatever it likes.`];
  if ((kind !== "link" && kind !== "network") || isOnionsEnd(way, audit)) return [];
  const role = roleOf(name, audit.facts)?.name ?? "";
  const lies = trust(from)?.servedBy?.[role]?.could(door) ?? [];
  const attack = `could answer ${from} with whatever it likes: a hole in what reads it there is a way into ${from}.`;
  return [...lies, ...(kind === "link" ? [attack] : [])];
}

function network(name: string, { to, what }: Way, { facts, machine }: Audit): readonly string[] {
  if (what === "this address alone")
    return [`could reach ${to}, and nothing else of the network as long as its net qube keeps to dom0's firewall.`];
  if (machine.osOf(to) === "gateway")
    return [
      `could reach all that Tor reaches through ${to}, and tell it what it knows: it would be heard, and not seen from where.`,
    ];
  // A gateway's own tor, which its role has told of, and a forwarder's one address, which is told where it is named.
  if (to === TOR || (machine.osOf(name) === "gateway" && facts.roles.has(name))) return [];
  if (what === "one address") return [];
  return [`could reach whatever it likes through ${to}, without Tor: it would be seen from where.`];
}

/** Where it could get by taking over, one after another, those whom it reaches: the first way out of the machine. */
function further(name: string, ways: readonly Way[]): readonly string[] {
  const out = new Set(ways.filter(({ kind }) => kind === "network").map(({ from }) => from));
  if (out.has(name)) return [];
  const next = (one: string) => ways.filter(({ from, kind }) => from === one && kind === "link").map(({ to }) => to);
  const paths: string[][] = [[name]];
  const been = new Set([name]);
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const end = path.at(-1) ?? "";
    if (path.length > 1 && out.has(end)) {
      const between = path.slice(1).join(", then ");
      return [
        `could get out by taking over ${between}, which has a net qube: no policy keeps one that was taken over from passing things on.`,
      ];
    }
    for (const to of next(end))
      if (!been.has(to)) {
        been.add(to);
        paths.push([...path, to]);
      }
  }
  return [];
}

/** Findings of what cannot be known by reading: whatever is said beside them is said of a part. */
const UNREADABLE = new Set(["QB701", "QB702", "QB710", "QB755", "QB756"]);

/**
 * Calls beyond its links; and what it could not do, which is said only where all that a tree does is known and none of these calls passes. Where it is
 * not known, that is said instead.
 */
function beyond(name: string, audit: Audit, ways: readonly Way[], passing: readonly Passing[]): readonly string[] {
  const calls = passing.map(
    ({ service, target, decision }) =>
      `could call ${service} of ${decision.kind === "allow" ? decision.target : `${target}, if you say yes`}, by ${decision.rule.text}.`,
  );
  const shown =
    calls.length > 4 ? [...calls.slice(0, 3), `could make ${calls.length - 3} calls more of that kind.`] : calls;
  const unknown = [...new Set(auditTree(audit).map(({ code }) => code))].filter((code) => UNREADABLE.has(code));
  if (unknown.length > 0)
    return [
      ...shown,
      `could do more than is said here: what parts of this tree do is not known (${unknown.toSorted().join(", ")}).`,
    ];
  if (calls.length > 0 || netvmOf(name, audit.facts) !== null) return shown;
  const ends = [...new Set(ways.filter(({ from }) => from === name).map(({ to }) => to))];
  const whom = ends.length === 0 ? "no other qube" : `no qube but ${ends.join(" and ")}`;
  return [
    `could not dial anybody itself: it has no net qube, and by qrexec it reaches ${whom}, and those that you name when you copy a file.`,
  ];
}
