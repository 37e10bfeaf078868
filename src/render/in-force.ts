// SPDX-License-Identifier: GPL-3.0-or-later
import tool from "../../formulas/every-qube/in-force.py";
import { inCOrder } from "../kernel/tree.ts";
import type { Daemon, ManagedFile } from "../model/parts.ts";

const root = { user: "root", group: "root", dirMode: "0755" };

/** Where the command lies in a qube that has its daemons started again, and where it finds what they read. Both names stand in it and in units. */
export const IN_FORCE_TOOL = "/usr/local/lib/qwbtc-salt/in-force";
export const DAEMONS = "/usr/local/etc/qwbtc-salt/daemons.json";

/** What a qube with daemons needs to tell whether they run with the settings that its files hold: the command, and what each of them reads. */
export function inForce(daemons: readonly Daemon[]): ManagedFile[] {
  if (daemons.length === 0) return [];
  const known = daemons.map(({ unit, reads, program }) => [
    unit,
    {
      program,
      reads: Object.fromEntries(
        reads.map(({ path, comments }) => [path, comments] as const).toSorted(([a], [b]) => inCOrder(a, b)),
      ),
    },
  ]);
  return [
    {
      ...root,
      path: IN_FORCE_TOOL,
      content: { verbatim: tool },
      mode: "0755",
      why: "Notes what a daemon starts with, and has it restarted when that is no more what its files hold.",
    },
    {
      ...root,
      path: DAEMONS,
      content: { verbatim: `${JSON.stringify(Object.fromEntries(known), null, 2)}\n` },
      mode: "0644",
      why: "What each daemon reads when it starts, what is a comment in it, and which program it runs; for the command above.",
    },
  ];
}
