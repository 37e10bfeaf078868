// SPDX-License-Identifier: GPL-3.0-or-later
import { decide, type Decision } from "../policy/language/evaluate.ts";
import type { Facts, Landed } from "./facts.ts";
import type { Machine } from "./machine.ts";

/** A port of a qube's loopback that its template's units open, and the call that each connection makes. */
export interface Door {
  readonly client: string;
  readonly local: number;
  /** The target that the unit names. */
  readonly target: string;
  readonly service: string;
  /** With its `+`. */
  readonly argument: string;
  readonly socket: Landed;
  readonly carrier: Landed;
  /** What dom0 answers. */
  readonly decision: Decision;
}

/** All doors of a tree's qubes. */
export interface Reach {
  readonly doors: readonly Door[];
}

/** The unit files of a template by name. */
function unitsOf(machine: string, { landedIn }: Facts): ReadonlyMap<string, Landed> {
  const found = (landedIn.get(machine) ?? []).filter(({ path }) => /\/systemd\/system\/[^/]+$/.test(path));
  return new Map(found.map((one) => [one.path.slice(one.path.lastIndexOf("/") + 1), one]));
}

/** Whether a unit may run in a qube: all services that it waits for are switched on there. */
function isSwitchedOn(unit: Landed, qube: string, { qubes }: Facts): boolean {
  const gates = [...(unit.text ?? "").matchAll(/^ConditionPathExists=\|?\/(?:var\/)?run\/qubes-service\/(\S+)$/gm)];
  return gates.every(([, name = ""]) => qubes.get(qube)?.services.get(name)?.on === true);
}

/** A socket of a qube's template that is open in the qube, and what is started for each connection. */
interface Listening {
  readonly name: string;
  readonly ports: readonly number[];
  readonly socket: Landed;
  readonly carrier: Landed | undefined;
}

/** The sockets that are open in a qube. */
export function unitsIn(name: string, facts: Facts): Listening[] {
  const units = unitsOf(facts.qubes.get(name)?.template ?? "", facts);
  return [...units].flatMap(([unit, socket]) => {
    if (!unit.endsWith(".socket") || !isSwitchedOn(socket, name, facts)) return [];
    const carrier =
      units.get(unit.replace(/\.socket$/, "@.service")) ?? units.get(unit.replace(/\.socket$/, ".service"));
    const listens = (socket.text ?? "").matchAll(/^ListenStream=(?:127\.0\.0\.1:)?([0-9]+)$/gm);
    return [{ name: unit, ports: Array.from(listens, ([, port]) => Number(port)), socket, carrier }];
  });
}

/** Reads all doors, and asks the policy about each. */
export function reachOf(facts: Facts, machine: Machine): Reach {
  const doors: Door[] = [];
  for (const { name } of machine.ours)
    for (const { socket, carrier, ports } of unitsIn(name, facts)) {
      const call = /^ExecStart=\/usr\/bin\/qrexec-client-vm (?:-- )?(\S+) (\S+?)(\+\S*)?$/m.exec(carrier?.text ?? "");
      if (!carrier || !call) continue;
      const [, target = "", service = "", argument = "+"] = call;
      const request = { service, argument, source: name, target: target === "''" ? "" : target };
      for (const local of ports)
        doors.push({
          client: name,
          local,
          target,
          service,
          argument,
          socket,
          carrier,
          decision: decide(machine.policy, request, machine.system),
        });
    }
  return { doors };
}
