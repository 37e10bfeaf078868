// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { gatewayPorts } from "../../whonix/onion-port.ts";
import { probe, probeTls, reachesOnion } from "../../whonix/probe.ts";
import { elsewhereOf, forwardsOf, placeOf } from "./own.ts";

/** What is to be done where the server runs, and how to hear from it. */
export interface There {
  /** What it is, for the diagram: `a node of yours`. */
  readonly what: string;
  /** What must be set there before its port is offered; the onion service is told apart. */
  readonly setUp: readonly RunbookStep[];
  /** A harmless line to say to it and what comes back; absent where there is none. */
  readonly hello?: { readonly line: string; readonly answer: string };
}

/** The runbook of a qube that stands for a server elsewhere: what to set up there, and the tests before and after. */
export function forwarderRunbook(qube: Qube, { what, setUp, hello }: There): RunbookParts {
  const { over } = elsewhereOf(qube);
  return {
    beyond: what,
    byHand: [...setUp, ...(over === "onion" ? onionService(qube) : [])],
    checks: [before(qube), after(qube, hello)],
    logs: [
      {
        title: `Why ${qube.name} does not get through`,
        where: qube.name,
        command: "sudo journalctl -g socat",
        text: "A line for each connection that failed, with the reason; gone when the qube shuts down.",
      },
    ],
    backup: "Nothing in it is worth a backup.",
  };
}

/** The onion service that the server's tor offers, and the key that it asks for. */
function onionService(qube: Qube): RunbookStep[] {
  const { auth, host } = elsewhereOf(qube);
  const { name } = qube;
  const lines = forwardsOf(qube).map(({ local, port }) => `HiddenServicePort ${port} 127.0.0.1:${local}`);
  const service: RunbookStep = {
    title: `The onion service that ${name} calls`,
    where: placeOf(qube),
    command: [`# in its torrc`, `HiddenServiceDir /var/lib/tor/${name}`, ...lines].join("\n"),
    text: `Its address, in /var/lib/tor/${name}/hostname, is ${host} in the topology; if it is another, change the topology. The ports behind 127.0.0.1 are those at which the server listens there.`,
  };
  if (!auth) return [service];
  return [
    service,
    {
      title: `The key by which ${name} may call it`,
      where: "dom0",
      command: "sudo ./rotate-secrets --elsewhere",
      text: `install.sh asked for the key's private half, or made a pair at Enter; that half lies in dom0's pillar and on ${qube.netvm?.name ?? "the gateway"}, so every qube behind that gateway could call the service. This prints the public half: there, make a file /var/lib/tor/${name}/authorized_clients/${name}.auth with that one line, and restart its tor: from then on the service answers nobody else.`,
    },
  ];
}

/** Before: from here, does the server answer at all? */
function before(qube: Qube): RunbookStep {
  const { host, port, over, tls } = elsewhereOf(qube);
  const socks = gatewayPorts(qube).onion;
  const title = `The server that ${qube.name} stands for can be reached`;
  const where = qube.name;
  if (over === "lan")
    return { title, where, command: probeTls(host, port), text: `Its fingerprint: ${spelt(tls?.fingerprint)}.` };
  const text =
    "It says: reached. The first connection may take a minute. Refused or timed out: its tor or the server behind it is down, or the key is not the right one.";
  return { title, where, command: reachesOnion(host, port, socks), text };
}

/** After: does the qube's own port lead there? */
function after(qube: Qube, hello: There["hello"]): RunbookStep {
  const { tls } = elsewhereOf(qube);
  const [first] = forwardsOf(qube);
  const local = first?.local ?? 0;
  const title = `${qube.name} forwards to it`;
  const where = qube.name;
  if (tls) return { title, where, command: probeTls("127.0.0.1", local), text: `The same fingerprint.` };
  if (!hello)
    return {
      title,
      where,
      command: "systemctl list-sockets --no-pager",
      text: `127.0.0.1:${local} is among them. The daemon does not speak first: the wallet's own session is the test.`,
    };
  return {
    title,
    where,
    command: probe(local, hello.line),
    text: `${hello.answer} It may have to be asked twice: the probe waits for nine seconds.`,
  };
}

/** A fingerprint as openssl prints it. */
function spelt(fingerprint = ""): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(":");
}
