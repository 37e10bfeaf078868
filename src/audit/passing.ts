// SPDX-License-Identifier: GPL-3.0-or-later
import type { Rule } from "../policy/language/rule.ts";
import type { Audit } from "./finding.ts";
import { openCallsOf, PORTS, UNNAMED, type OpenCall } from "./open-calls.ts";
import { placeOfRule } from "./places.ts";
import type { Place } from "./states.ts";
import type { Way } from "./ways.ts";

/** Every call that passes or is asked about, as ways between ends, but for those that the links make. */
export function passingCalls(audit: Audit): Way[] {
  const { machine, reach } = audit;
  const links = new Set(
    reach.doors.flatMap(({ client, service, argument, decision }) =>
      decision.kind === "allow" ? [`${client} ${decision.target} ${service}${argument}`] : [],
    ),
  );
  const ours = new Set(machine.ours.map(({ name }) => name));
  // Templates are no ends: what is copied there by hand is for the user to know.
  const ends = new Set([...ours, ...machine.strangers, "dom0"]);
  const places = new Map<Rule, Place>();
  const ways: Way[] = [];
  /** What was told of one caller's calls of one service. */
  let told = new Set<string>();
  let offered = new Set<readonly string[]>();
  let before: OpenCall | undefined;
  const tell = (call: OpenCall, target: string, kind: "call" | "ask", starts: boolean) => {
    const { service, argument, any, source } = call;
    const to = target.startsWith(DISPOSABLE) ? target.slice(DISPOSABLE.length) : target;
    if (source === to || !ends.has(to) || (!ours.has(source) && !ours.has(to))) return;
    // What passes with any argument is not told again for one.
    if (told.has(`${to} ${kind}`) || told.has(`${to} ${kind} ${argument}`)) return;
    if (links.has(`${source} ${target} ${service}${argument}`)) return;
    told.add(any ? `${to} ${kind}` : `${to} ${kind} ${argument}`);
    const { rule } = call.decision;
    const by = places.get(rule) ?? placeOfRule(rule, audit);
    places.set(rule, by);
    ways.push({
      from: source,
      to,
      kind: kind === "call" && isClock(service) ? "clock" : kind,
      what: `${whatOf(service, any ? undefined : argument)}${to === target ? "" : ", in a new disposable of it"}${kind === "ask" ? ", if you say so each time" : ""}`,
      by,
      ...(kind === "call" && to !== "dom0" && { starts }),
    });
  };
  for (const call of openCallsOf(machine)) {
    if (call.source !== before?.source || call.service !== before.service) {
      told = new Set();
      offered = new Set();
    }
    before = call;
    const { decision } = call;
    if (decision.kind === "allow") tell(call, decision.target, "call", decision.autostart);
    else if (!offered.has(decision.targets)) {
      offered.add(decision.targets);
      for (const one of decision.targets) tell(call, one, "ask", false);
    }
  }
  return ways;
}

const DISPOSABLE = "@dispvm:";

/** Whonix' own calls, and those for the time (qubes-core-admin-addon-whonix 80-whonix.policy; qubes-core-admin 90-default.policy). */
function isClock(service: string): boolean {
  return /^(?:sdwdate|whonix|qubes\.Get(?:Date|RandomizedTime)$)/.test(service);
}

function whatOf(service: string, argument: string | undefined): string {
  if (service === UNNAMED) return "every service that no line names";
  if (service !== PORTS) return `${service}${argument ?? ""}`;
  return argument === undefined ? "every port" : `port ${argument.slice(1)}, which no unit of its dials`;
}
