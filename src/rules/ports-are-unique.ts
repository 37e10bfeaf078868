// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const taken = message("QB412", {
  severity: "error",
  title: "two things in one qube want the same local port",
  say: (port: number, first: string, second: string) =>
    `port ${port} of this qube is wanted by ${first} and by ${second}`,
  why: "Only one can listen there; the other would silently talk to the wrong server.",
  fix: "Give one of them another local port where the key takes one (server: { qube: NAME, port: 50011 }), or split the qube in two.",
});

/** Each loopback port of a qube leads to one thing. */
export function* portsAreUnique(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    const owners = new Map<number, string>();
    for (const port of qube.role.ports?.(qube) ?? []) owners.set(port, `its own ${qube.role.name}`);
    for (const { local: port, server, service } of qube.uses) {
      const mine = `${service} of ${server.name}`;
      const other = owners.get(port);
      if (other !== undefined) yield { ...finding(taken, qube.path, port, other, mine), part: "key" };
      owners.set(port, mine);
    }
  }
}
