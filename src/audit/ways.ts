// SPDX-License-Identifier: GPL-3.0-or-later
import { readTorrc } from "../verify/torrc.ts";
import { netvmOf } from "./accepted.ts";
import type { Audit } from "./finding.ts";
import type { Place } from "./states.ts";

/** Something that is reached or reaches, and is no qube: Tor's network, one host of a LAN, or who dials an onion service. */
const TOR = "Tor";

/** One way by which one end reaches another. All that is not among them is denied. */
export interface Way {
  readonly from: string;
  readonly to: string;
  /** `link`: a port over qrexec. `network`: whatever the net qube lets through. `onion`: from outside, by an onion service. `clock`: Whonix' own calls. */
  readonly kind: "link" | "network" | "onion" | "clock";
  /** What is reached: `port 50001`, `everything that Tor carries`. */
  readonly what: string;
  /** Which declaration opens it: a line of a policy, a state, a line for tor. */
  readonly by: Place;
  /** Whether a connection starts the other end. */
  readonly starts?: boolean;
}

/** Every way of a tree on a stock machine, in the order of its ends' names. */
export function waysOf({ facts, machine, reach }: Audit): Way[] {
  const ways: Way[] = [];
  for (const { client, argument, local, decision, carrier } of reach.doors) {
    if (decision.kind !== "allow") continue;
    const port = argument.slice(1);
    ways.push({
      from: client,
      to: decision.target,
      kind: "link",
      what: `port ${port}${String(local) === port ? "" : `, at its own port ${local}`}`,
      by: placeOf(decision.rule, facts) ?? { file: carrier.origin, line: 1 },
      starts: decision.autostart,
    });
  }
  for (const { name, prefs } of machine.ours) {
    const netvm = netvmOf(name, facts);
    const at = prefs.get("netvm")?.at;
    if (typeof netvm !== "string" || !at) continue;
    const by = { file: at.file, line: at.line };
    const os = machine.osOf(name);
    const carries =
      os === "gateway"
        ? "its own tor's traffic"
        : machine.osOf(netvm) === "gateway"
          ? "what Tor carries"
          : "one address";
    ways.push({ from: name, to: netvm, kind: "network", what: carries, by });
    if (os === "gateway") ways.push({ from: name, to: TOR, kind: "network", what: "its own tor's traffic", by });
    for (const { address, line, file } of hostsOf(name, facts))
      ways.push({ from: name, to: address, kind: "network", what: "this address alone", by: { file, line } });
  }
  for (const landed of facts.landed.filter(({ path }) => /\/torrc\.d\//.test(path)))
    for (const { folder, port, target } of readTorrc(landed.text ?? "").services) {
      const door = reach.doors.find(
        ({ client, local }) => client === landed.machine && target === `127.0.0.1:${local}`,
      );
      const end = door?.decision.kind === "allow" ? door.decision.target : pinned(target, machine.ours);
      const line = (landed.text ?? "").split("\n").indexOf(`HiddenServiceDir ${folder}`) + 1;
      const keys = facts.landed.filter((one) => one.path.startsWith(`${folder}/authorized_clients/`));
      const who = keys.map(({ path }) => path.slice(path.lastIndexOf("/") + 1, -".auth".length));
      ways.push({
        from: who.length > 0 ? who.join(", ") : "whoever knows the address",
        to: end ?? landed.machine,
        kind: "onion",
        what: `port ${port} of the onion service ${folder.slice(folder.lastIndexOf("/") + 1)}, through ${landed.machine}`,
        by: { file: landed.origin, line },
      });
    }
  return ways.toSorted((a, b) => compare(`${a.from} ${a.to} ${a.what}`, `${b.from} ${b.to} ${b.what}`));
}

/** The line of a policy as a place in the tree; undefined for a stock file. */
function placeOf({ file, line }: Place, { policies }: Audit["facts"]): Place | undefined {
  const landed = policies.get(file);
  return landed && { file: landed.origin, line };
}

function hostsOf(name: string, { states }: Audit["facts"]): { address: string; file: string; line: number }[] {
  return states.calls.flatMap(({ name: of, args, file, line }) => {
    const list = of === name ? args.get("firewall") : undefined;
    const rules = Array.isArray(list) ? list.flatMap((one) => (one as Record<string, unknown>)["set"] ?? []) : [];
    return rules.flatMap((rule) => {
      const [, host, port] = / dst4=([0-9.]+)\/32 dstports=([0-9]+)-/.exec(String(rule)) ?? [];
      return host === undefined ? [] : [{ address: `${host}:${port}`, file, line }];
    });
  });
}

function pinned(target: string, ours: Audit["machine"]["ours"]): string | undefined {
  const [ip] = target.split(":");
  return ours.find(({ prefs }) => prefs.get("ip")?.value === ip)?.name;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
