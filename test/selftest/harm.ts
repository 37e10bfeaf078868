// SPDX-License-Identifier: GPL-3.0-or-later
/** By what means a running system is spoilt. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { System } from "./system.ts";

export interface Sabotage {
  readonly name: string;
  readonly spoil: (system: System) => void | Promise<unknown>;
  readonly mend: (system: System) => void | Promise<unknown>;
  /** The lines that must fail, and no others; and what one of them says. */
  readonly failed: readonly string[];
  readonly detail: RegExp;
  /** Lines that must say that they were not tried. */
  readonly untried?: string[];
}

/** A command in a qube, and one that takes it back. */
export function inQube(name: string, spoil: string, mend: string): Pick<Sabotage, "spoil" | "mend"> {
  return { spoil: (system) => system.box(name).out(spoil), mend: (system) => system.box(name).out(mend) };
}

/** A process in a qube that listens: a Python expression that makes the socket, and what it does with it. */
export function listener(name: string, code: string): Pick<Sabotage, "spoil" | "mend"> {
  const unit = "systemd-run --quiet --unit=foreign --collect --service-type=exec /usr/bin/python3 -c";
  const up = "for i in $(seq 50); do [ -e /run/foreign ] && exit; sleep 0.1; done; exit 1";
  const text = `import socket, time\n${code}`;
  return inQube(name, `rm -f /run/foreign; ${unit} '${text}'; ${up}`, "systemctl stop foreign; rm -f /run/foreign");
}
export const ready = 'open("/run/foreign", "w").close()';
export const tcp = (address: string, port: number) =>
  `s = socket.create_server(("${address}", ${port})); ${ready}; time.sleep(600)`;

/** A pref as dom0 has it. */
export function pref(name: string, key: string, value: string | null): Pick<Sabotage, "spoil" | "mend"> {
  const set = (system: System, to: string | null) => {
    (system.world[name] as { prefs: Record<string, string | null> }).prefs[key] = to;
    system.tell();
  };
  return { spoil: (system) => set(system, value), mend: (system) => set(system, null) };
}

/** A policy file of the user's own. */
export function policy(text: string): Pick<Sabotage, "spoil" | "mend"> {
  const file = (system: System) => path.join(system.policies, "30-user.policy");
  return { spoil: (system) => writeFileSync(file(system), text), mend: (system) => rmSync(file(system)) };
}
