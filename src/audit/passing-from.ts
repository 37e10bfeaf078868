// SPDX-License-Identifier: GPL-3.0-or-later
import { mayPass, type Passing } from "./accepted.ts";
import type { Audit } from "./finding.ts";
import { openCallsOf } from "./open-calls.ts";

/**
 * The calls of each of our qubes that dom0 would let pass, or ask about, beyond its links and what passes on every machine and is meant to: by who
 * calls, one for each service and target.
 */
export function passingFrom({ facts, machine, reach }: Audit): ReadonlyMap<string, readonly Passing[]> {
  const links = new Set(
    reach.doors.map(({ client, target, service, argument }) => `${client} ${target} ${service}${argument}`),
  );
  const ours = machine.ours.map(({ name }) => name);
  const found = new Map(ours.map((name) => [name, new Map<string, Passing>()]));
  for (const call of openCallsOf(machine)) {
    const { service, argument, source, target } = call;
    const own = found.get(source);
    if (!own || own.has(`${service} ${target}`) || links.has(`${source} ${target} ${service}${argument}`)) continue;
    if (!mayPass(call, { facts, machine })) own.set(`${service} ${target}`, call);
  }
  return new Map([...found].map(([name, calls]) => [name, [...calls.values()]]));
}
