// SPDX-License-Identifier: GPL-3.0-or-later
import { netvmOf } from "../audit/accepted.ts";
import { lineWith, type Audit } from "../audit/finding.ts";
import type { Landed } from "../audit/facts.ts";
import { PORTS } from "../audit/open-calls.ts";
import { openedPorts, waysOf } from "../audit/ways.ts";
import { placeOfRule } from "../audit/places.ts";
import { unitsIn, type Door } from "../audit/reach.ts";
import type { Place } from "../audit/states.ts";
import { decide, type Decision } from "../policy/language/evaluate.ts";
import { namesText } from "./reach/other-calls.ts";
import { wrapped } from "./wrapped.ts";

/** A port of a qube from both sides: what happens when the qube dials it on its own loopback, and who reaches it from elsewhere. */
export function explainPort(name: string, port: number, audit: Audit): string {
  return `${[...dialled(name, port, audit), "", ...served(name, port, audit)].join("\n")}\n`;
}

function* dialled(name: string, port: number, audit: Audit): Iterable<string> {
  const doors = audit.reach.doors.filter(({ client, local }) => client === name && local === port);
  yield `When ${name} dials port ${port} on its own loopback:`;
  for (const door of doors) yield* through(door, audit);
  if (doors.length > 0) return;
  const other = unitsIn(name, audit.facts).find(({ ports }) => ports.includes(port));
  if (other) {
    yield* wrapped(
      `${other.name} listens there (${at(other.socket, /^ListenStream=/m)}). It makes no call over qrexec:`,
      "  ",
    );
    const runs = /^ExecStart=.*$/m.exec(other.carrier?.text ?? "")?.[0];
    if (other.carrier && runs !== undefined) yield `    ${runs} (${at(other.carrier, /^ExecStart=/m)})`;
    return;
  }
  const open = audit.reach.doors.filter(({ client }) => client === name).map(({ local }) => local);
  yield* wrapped(
    `No unit of the states listens there. ${open.length > 0 ? `Its links listen at ${open.join(", ")}.` : "It has no link at all."} A program of its own may, but no link carries that on.`,
    "  ",
  );
  yield* wrapped(`If it made the call all the same (${PORTS}+${port}):`, "  ");
  const { ours, strangers } = endsOf(audit);
  const targets = ["@default", ...ours, ...strangers].filter((target) => target !== name);
  yield* answers(
    targets,
    (target) => asked(name, target, port, audit),
    audit,
    (target) => (target === "@default" ? "naming no qube" : target),
  );
}

function* through({ target, service, argument, socket, carrier, decision }: Door, audit: Audit): Iterable<string> {
  const whom = target === "@default" ? "and names no qube" : `and names ${target}`;
  yield* wrapped(`${base(socket.path)} listens there (${at(socket, /^ListenStream=/m)}).`, "  ");
  yield* wrapped(`Each connection calls ${service}${argument} ${whom} (${at(carrier, /^ExecStart=/m)}).`, "  ");
  yield* answered(decision, audit);
  if (decision.kind === "allow")
    yield* wrapped(
      `It ends at ${decision.target}, port ${argument.slice(1)}. ${decision.autostart ? `If ${decision.target} is halted, it is started.` : `It does not start ${decision.target}: while that is halted, the call is refused.`}`,
      "  ",
    );
  else if (decision.kind === "ask")
    yield* wrapped(`dom0 asks you each time; it offers ${decision.targets.join(", ")}.`, "  ");
  else yield "  It ends there: the connection is closed.";
}

/** The line that answers, with the reason that stands above it. */
function* answered(decision: Decision, audit: Audit): Iterable<string> {
  if (!decision.rule) return yield* wrapped(`dom0 refuses: ${decision.kind === "deny" ? decision.why : ""}.`, "  ");
  const place = placeOfRule(decision.rule, audit);
  yield* wrapped(`dom0 ${decision.kind === "deny" ? "refuses" : "answers"} by ${where(place)}:`, "  ");
  yield `    ${decision.rule.text}`;
  if (decision.kind === "deny" && decision.why !== "denied") yield* wrapped(`${decision.why}.`, "    ");
  for (const reason of reasonAbove(place, audit)) yield* wrapped(reason, "    ");
}

/** The comment of the block in which a line stands. */
function reasonAbove({ file, line }: Place, { facts }: Audit): string[] {
  const lines = facts.tree.get(file)?.text.split("\n") ?? [];
  let first = line - 1;
  while (first > 0 && lines[first - 1] !== "") first -= 1;
  return lines
    .slice(first, line - 1)
    .filter((one) => one.startsWith("# ") && !one.startsWith("# Source"))
    .map((one) => one.slice(2));
}

function* served(name: string, port: number, audit: Audit): Iterable<string> {
  const { ours, strangers } = endsOf(audit);
  const reaching = audit.reach.doors.filter(
    ({ decision, argument }) => decision.kind === "allow" && decision.target === name && argument === `+${port}`,
  );
  const outside = waysOf(audit).filter((way) => way.kind === "onion" && way.to === name && way.port === port);
  const opened = openedPorts(name, audit).filter((one) => one.port === port);
  const callers = [...ours, ...strangers].filter((one) => one !== name);
  const passing = callers.filter(
    (one) => asked(one, name, port, audit).kind !== "deny" && !reaching.some(({ client }) => client === one),
  );
  const behind = audit.machine.osOf(name) === "gateway" ? ours.filter((one) => netvmOf(one, audit.facts) === name) : [];
  const none = behind.length + reaching.length + outside.length + opened.length + passing.length === 0;
  yield `Port ${port} of ${name}, from elsewhere:${none ? " nobody reaches it." : ""}`;
  for (const { client, local, decision } of reaching)
    if (decision.kind === "allow")
      yield* wrapped(
        `${client} reaches it, dialling its own port ${local}${decision.autostart ? `; that starts ${name}` : ""} (${where(placeOfRule(decision.rule, audit))}).`,
        "  ",
      );
  for (const one of passing) {
    const decision = asked(one, name, port, audit);
    if (decision.rule)
      yield* wrapped(
        `${one} ${decision.kind === "ask" ? "reaches it if you say so each time" : "may reach it, though no unit of its dials it"} (${where(placeOfRule(decision.rule, audit))}).`,
        "  ",
      );
  }
  for (const { from, what, by } of outside) yield* wrapped(`From outside, ${from}: ${what} (${where(by)}).`, "  ");
  const who = behind.length > 0 ? behind.join(", ") : "its net qube";
  for (const place of opened)
    yield* wrapped(`By network, ${who}: its own firewall opens the port (${where(place)}).`, "  ");
  // whonix-firewall usr/bin/whonix-gateway-firewall, input: SocksPorts, and the control port behind onion-grater.
  if (behind.length > 0 && opened.length === 0)
    yield* wrapped(
      `By network, ${who}: if it is one of the ports that Whonix opens to the qubes behind a gateway (tor's SocksPorts, its control port behind onion-grater).`,
      "  ",
    );
  const known = [...passing, ...reaching.map(({ client }) => client)];
  const refused = callers.filter((one) => !known.includes(one));
  yield `Refused, when they call it by name (${PORTS}+${port}):`;
  yield* answers(
    refused,
    (one) => asked(one, name, port, audit),
    audit,
    (one) => one,
  );
}

/** Which line answers whom, those together that one line answers. */
function* answers(
  list: readonly string[],
  answer: (one: string) => Decision,
  audit: Audit,
  say: (one: string) => string,
): Iterable<string> {
  const byLine = new Map<string, string[]>();
  for (const one of list) {
    const decision = answer(one);
    const line = decision.rule
      ? `${decision.rule.text} (${where(placeOfRule(decision.rule, audit))})`
      : decision.kind === "deny"
        ? decision.why
        : "";
    const does = { allow: "passes", ask: "asks you", deny: "refused" }[decision.kind];
    byLine.set(`${does}: ${line}`, [...(byLine.get(`${does}: ${line}`) ?? []), say(one)]);
  }
  for (const [line, who] of byLine) {
    yield* wrapped(`${namesText(who, { ours: [], strangers: audit.machine.strangers })}`, "  ");
    yield* wrapped(line, "    ");
  }
}

function asked(source: string, target: string, port: number, { machine }: Audit): Decision {
  return decide(machine.policy, { service: PORTS, argument: `+${port}`, source, target }, machine.system);
}

function endsOf({ machine }: Audit): { ours: readonly string[]; strangers: readonly string[] } {
  return { ours: machine.ours.map(({ name }) => name), strangers: machine.strangers };
}

function at(landed: Landed, pattern: RegExp): string {
  return where({ file: landed.origin, line: lineWith(landed.text ?? "", new RegExp(pattern.source)) });
}

function where({ file, line }: Place): string {
  return line > 0 ? `${base(file)}:${line}` : file;
}

function base(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
