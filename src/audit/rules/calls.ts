// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Decision } from "../../policy/language/evaluate.ts";
import { type Domain, type System } from "../../policy/language/system.ts";
import type { Rule } from "../../policy/language/rule.ts";
import { written } from "../../policy/language/token.ts";
import { placeIn, type Audit } from "../finding.ts";
import { mayPass } from "../accepted.ts";
import { openCalls } from "../open-calls.ts";
import { isKeeper } from "./units.ts";

const POLICY = "qubes-core-qrexec qrexec/policy/parser.py";

const shut = message("QB720", {
  severity: "error",
  title: "A link that the policy does not open",
  say: (client: string, port: number, call: string, why: string) =>
    `port ${port} of ${client} leads nowhere: ${call} is not allowed (${why})`,
  why: "The client's socket accepts connections, and each of them ends: the wallet or server behind it finds nothing and does not say why.",
  fix: "Allow exactly this call in the formula's policy, above every deny; or take the socket out.",
  source: POLICY,
});

const unused = message("QB721", {
  severity: "error",
  title: "A policy line that opens what no link uses",
  say: (line: string) => `no unit of this tree makes this call: ${line}`,
  why: "Whoever takes over the client may use every port that is open to it. What nothing uses should be shut.",
  fix: "Take the line out, or correct its port and names: then the link that it was meant for is missing.",
  source: "least privilege; Qubes documentation, firewall, section 4",
});

const wide = message("QB722", {
  severity: "error",
  title: "A policy line that allows more than one call",
  say: (line: string, what: string) => `this allows more than one client, one server and one port: ${what} (${line})`,
  why: "A port of a node or of a wallet's server belongs to the qubes that were declared, by name; tags and words match qubes that come later.",
  fix: "Name the client, the server and the port.",
  source: POLICY,
});

const passes = message("QB723", {
  severity: "error",
  title: "A call that should be refused",
  say: (call: string, how: string) => `${call} ${how}`,
  why: "Nothing in this tree needs this call, and by it one qube acts in another, or on dom0's word starts something there.",
  fix: "Deny it in a file that is read before the line that lets it pass.",
  source: POLICY,
});

const wakes = message("QB724", {
  severity: "error",
  title: "A daemon's link that starts its server",
  say: (client: string, server: string) => `${client} would start ${server} again and again`,
  why: "A daemon tries for ever: the server cannot be shut down, and qubesctl, which waits for that without a limit, hangs.",
  fix: "Say autostart=no; only what a person opens, a wallet, may start its server.",
  source: "qubes-mgmt-salt qubessalt/__init__.py",
});

/** Links work, and nothing else does. */
export function* calls(audit: Audit): Iterable<Diagnostic> {
  yield* doors(audit);
  yield* allows(audit);
  yield* others(audit);
}

function* doors({ facts, reach }: Audit): Iterable<Diagnostic> {
  for (const { client, local, target, service, argument, carrier, decision } of reach.doors) {
    const call = `${service}${argument} to ${target}`;
    const place = placeIn(facts.tree, { file: carrier.origin, line: 1 });
    if (decision.kind === "deny") yield shut.at(place, client, local, call, decision.why);
    else if (decision.kind === "ask") yield shut.at(place, client, local, call, "it would ask each time");
    else if (decision.autostart && isDaemon(client, facts)) yield wakes.at(place, client, decision.target);
  }
}

/** Whether programs of a qube run by themselves: a unit that is no socket's and starts again when it ends. */
function isDaemon(name: string, { qubes, landedIn }: Audit["facts"]): boolean {
  return (landedIn.get(qubes.get(name)?.template ?? "") ?? []).some(
    ({ path, text }) =>
      /\/system\/[^/@]+\.service$/.test(path) && /^Restart=(?!no$)/m.test(text ?? "") && !isKeeper(text ?? ""),
  );
}

/** Every allow of ours is one client's, one port's, and used. */
function* allows({ facts, machine, reach }: Audit): Iterable<Diagnostic> {
  const used = new Set(reach.doors.flatMap(({ decision }) => (decision.kind === "allow" ? [decision.rule] : [])));
  for (const rule of machine.policy.rules) {
    const landed = facts.policies.get(rule.file);
    if (!landed || rule.action.kind === "deny") continue;
    const place = placeIn(facts.tree, { file: landed.origin, line: rule.line });
    const what = tooWide(rule);
    if (what !== undefined) yield wide.at(place, rule.text, what);
    else if (rule.service === "qubes.ConnectTCP" && !used.has(rule)) yield unused.at(place, rule.text);
  }
}

function tooWide(rule: Rule): string | undefined {
  if (rule.service === undefined) return "every service";
  if (rule.service === "qubes.ConnectTCP" && rule.argument === undefined) return "every port";
  if (rule.source.kind !== "qube") return `whoever is ${written(rule.source)}`;
  if (rule.target.kind !== "qube" && rule.target.kind !== "default") return `whatever is ${written(rule.target)}`;
  return undefined;
}

/** Every call between two qubes of which at least one is ours, by every service that the policy names and by one that it does not. */
function* others({ facts, machine, reach }: Audit): Iterable<Diagnostic> {
  const meant = new Set(
    reach.doors.map(({ client, target, service, argument }) => `${client} ${target} ${service}${argument}`),
  );
  const ends = { ours: machine.ours.map(({ name }) => name), strangers: machine.strangers };
  const ours = new Set(ends.ours);
  const seen = new Map<Rule, number>();
  for (const call of openCalls(machine.policy, careless(machine), ends)) {
    const { service, argument, source, target, decision } = call;
    if (meant.has(`${source} ${target} ${service}${argument}`)) continue;
    if (mayPass(call, { facts, machine })) continue;
    // A stranger that names nobody may be sent on to one of ours.
    const end = decision.kind === "allow" ? decision.target : target;
    if (!ours.has(source) && !ours.has(target) && !ours.has(end)) continue;
    // One line may let many calls pass; three tell what it does.
    const count = (seen.get(decision.rule) ?? 0) + 1;
    seen.set(decision.rule, count);
    if (count > 3) continue;
    const landed = facts.policies.get(decision.rule.file);
    const place = landed && placeIn(facts.tree, { file: landed.origin, line: decision.rule.line });
    yield passes.at(place, `${service}${argument} from ${source} to ${target}`, how(decision, landed === undefined));
  }
}

/** The machine as its user may change it by hand: each qube of ours has a default disposable. A policy must not rely on there being none. */
function careless({ system, ours }: Audit["machine"]): System {
  const given = ours.flatMap(({ name }): [string, Domain][] => {
    const domain = system.get(name);
    return domain ? [[name, { ...domain, defaultDispvm: domain.defaultDispvm ?? "whonix-dvm" }]] : [];
  });
  return new Map([...system, ...given]);
}

function how(decision: Exclude<Decision, { kind: "deny" }>, stock: boolean): string {
  const by = stock
    ? `by ${decision.rule.file}, which every machine has: ${decision.rule.text}`
    : `by ${decision.rule.text}`;
  return decision.kind === "allow" ? `passes to ${decision.target}, ${by}` : `is asked about, ${by}`;
}
