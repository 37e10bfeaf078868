// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import { DEFAULT_SHUTDOWN, timeToStop } from "../model/stopping.ts";

const killed = message("QB525", {
  severity: "error",
  title: "a qube would be killed while its daemon still writes",
  say: (given: number, needs: number) =>
    `the qube is given ${given} s to shut down, but its daemon may need ${needs} s`,
  why: "dom0 kills a qube after that time. What its daemon had not written yet is lost: at the next start it checks for hours, or begins its index anew.",
  fix: (_given, needs) => `Leave vm.shutdown_timeout out, or write ${needs} or more.`,
  source: "qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout",
});

/** No qube is killed before its daemons had the time that their units give them. */
export function* daemonsHaveTimeToStop(model: Model): Iterable<Finding> {
  // What a qube holds follows from its links, which may be what is wrong.
  if (!model.complete) return;
  for (const qube of model.qubes) {
    const needs = timeToStop(qube.role.qube?.(qube, model).daemons ?? []);
    const given = qube.vm.shutdown_timeout?.value ?? DEFAULT_SHUTDOWN;
    if (given < needs) yield finding(killed, [...qube.path, "vm", "shutdown_timeout"], given, needs);
  }
}
