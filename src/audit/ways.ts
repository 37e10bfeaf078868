// SPDX-License-Identifier: GPL-3.0-or-later
import { readTorrc } from "../verify/torrc.ts";
import { netvmOf } from "./accepted.ts";
import { lineWith, type Audit } from "./finding.ts";
import { hostsOf, isHeld } from "./held.ts";
import { keysOf } from "./onion-keys.ts";
import { placeOfRule } from "./places.ts";
import type { Place } from "./states.ts";

/** What is no qube: Tor's network, with all that is beyond it. */
export const TOR = "Tor";

/** Who dials an onion service that asks for no key. */
const ANYBODY = "whoever knows the address";

/** One way by which one end reaches another. All that is not among them is denied. */
export interface Way {
  readonly from: string;
  readonly to: string;
  /**
   * `link`: a port over qrexec, by a unit. `network`: whatever the net qube lets through. `onion`: from outside, by an onion service. `clock`:
   * Whonix' own calls, and for the time. `call`: any other call that passes. `ask`: a call that the user is asked about each time.
   */
  readonly kind: "link" | "network" | "onion" | "clock" | "call" | "ask";
  /** What is reached: `port 50001`, `everything that Tor carries`. */
  readonly what: string;
  /** The port that is reached, where it is one. */
  readonly port?: number;
  /** Which declaration opens it: a line of a policy, a state, a line for tor. */
  readonly by: Place;
  /** Whether a connection starts the other end. */
  readonly starts?: boolean;
}

/** The links, net qubes and onion services of a tree on a stock machine, in the order of their ends' names. */
export function waysOf(audit: Audit): Way[] {
  return [...links(audit), ...networks(audit), ...onions(audit), ...ownOnions(audit)].toSorted((a, b) =>
    compare(`${a.from} ${a.to} ${a.what}`, `${b.from} ${b.to} ${b.what}`),
  );
}

function* links(audit: Audit): Iterable<Way> {
  for (const { client, argument, local, decision } of audit.reach.doors) {
    if (decision.kind !== "allow") continue;
    const port = argument.slice(1);
    yield {
      from: client,
      to: decision.target,
      kind: "link",
      what: `port ${port}${String(local) === port ? "" : `, at its own port ${local}`}`,
      port: Number(port),
      by: placeOfRule(decision.rule, audit),
      starts: decision.autostart,
    };
  }
}

function* networks({ facts, machine }: Audit): Iterable<Way> {
  for (const { name, prefs } of machine.ours) {
    const netvm = netvmOf(name, facts);
    const at = prefs.get("netvm")?.at;
    if (typeof netvm !== "string" || !at) continue;
    const by = { file: at.file, line: at.line };
    const gateway = machine.osOf(name) === "gateway";
    const behind = machine.osOf(netvm) === "gateway" ? "what Tor carries" : "everything that it lets out";
    const what = gateway ? "its own tor's traffic" : isHeld(name, facts) ? "one address" : behind;
    yield { from: name, to: netvm, kind: "network", what, by };
    if (gateway) yield { from: name, to: TOR, kind: "network", what, by };
    for (const { address, ...place } of hostsOf(name, facts))
      yield { from: name, to: address, kind: "network", what: "this address alone", by: place };
  }
}

/** Onion services that a torrc names. */
function* onions({ facts, machine, reach }: Audit): Iterable<Way> {
  for (const landed of facts.landed.filter(({ path }) => /\/torrc\.d\//.test(path)))
    for (const { folder, port, target } of readTorrc(landed.text ?? "").services) {
      const door = reach.doors.find(
        ({ client, local }) => client === landed.machine && target === `127.0.0.1:${local}`,
      );
      const end = door?.decision.kind === "allow" ? door.decision.target : pinned(target, machine.ours);
      const line = (landed.text ?? "").split("\n").indexOf(`HiddenServiceDir ${folder}`) + 1;
      const who = keysOf(landed.machine, folder, facts).clients;
      yield {
        from: who.length > 0 ? who.join(", ") : ANYBODY,
        to: end ?? landed.machine,
        kind: "onion",
        what: `port ${port} of the onion service ${folder.slice(folder.lastIndexOf("/") + 1)}, through ${landed.machine}`,
        port,
        by: { file: landed.origin, line },
      };
    }
}

/** Onion services that a daemon asks its gateway's tor for, as onion-grater lets it: each leads to the qube that asks, at a port that its firewall opens. */
function* ownOnions(audit: Audit): Iterable<Way> {
  const { facts, machine } = audit;
  for (const landed of facts.landed.filter(({ path }) => /\/onion-grater-merger\.d\//.test(path)))
    for (const { name } of machine.ours) {
      if (netvmOf(name, facts) !== landed.machine) continue;
      const opened = openedPorts(name, audit).map(({ port }) => port);
      const asked = (landed.text ?? "").matchAll(/Port=([0-9]+),\{client-address\}:([0-9]+)/g);
      const ports = new Set(
        [...asked].filter(([, , at]) => opened.includes(Number(at))).map(([, port]) => Number(port)),
      );
      for (const port of ports)
        yield {
          from: ANYBODY,
          to: name,
          kind: "onion",
          what: `port ${port} of an onion service that it asks for itself, through ${landed.machine}`,
          port,
          by: {
            file: landed.origin,
            line: lineWith(landed.text ?? "", new RegExp(`Port=${port},\\{client-address\\}`)),
          },
        };
    }
}

/** Which list of a Whonix firewall: of a workstation, for its gateway, or of a gateway, for the qubes behind it. */
const LISTS = { workstation: "EXTERNAL_OPEN_PORTS", gateway: "INTERNAL_OPEN_PORTS", other: undefined } as const;

/**
 * The ports that a qube's own Whonix firewall opens by the states' word: a workstation's to its gateway, for nobody else's traffic gets there, and
 * a gateway's to the qubes behind it (whonix-firewall usr/bin/whonix-gateway-firewall, whonix-workstation-firewall).
 */
export function openedPorts(
  name: string,
  { facts, machine }: Omit<Audit, "reach">,
): (Place & { readonly port: number })[] {
  const list = LISTS[machine.osOf(name)];
  if (list === undefined) return [];
  return (facts.landedIn.get(name) ?? [])
    .filter(({ path }) => /\/whonix_firewall\.d\//.test(path))
    .flatMap(({ text = "", origin }) =>
      [...text.matchAll(new RegExp(`^${list}\\+?="([0-9 ]*)"`, "gm"))].flatMap(({ index, 1: ports = "" }) =>
        (ports.match(/[0-9]+/g) ?? []).map((port) => ({
          port: Number(port),
          file: origin,
          line: text.slice(0, index).split("\n").length,
        })),
      ),
    );
}

function pinned(target: string, ours: Audit["machine"]["ours"]): string | undefined {
  const [ip] = target.split(":");
  return ours.find(({ prefs }) => prefs.get("ip")?.value === ip)?.name;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
