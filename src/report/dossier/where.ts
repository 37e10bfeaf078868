// SPDX-License-Identifier: GPL-3.0-or-later
import type { Landed } from "../../audit/facts.ts";
import type { Audit } from "../../audit/finding.ts";

/** Where on the page things stand: each text is shown once, so that a mark in it is there once. */

/** The machines that have a card, in its order: all that states make or set, then all others that are given states or files. dom0 is apart. */
export function machinesOf({ facts, machine }: Audit): string[] {
  const ours = machine.ours.map(({ name }) => name);
  const given = [...facts.states.calls, ...facts.landed].map((one) => one.machine);
  return [...new Set([...ours, ...facts.qubes.keys(), ...given])].filter((name) => name !== "dom0");
}

/** The state files that are shown with a machine: those that are given to it, and to nobody before it. */
export function stateFilesOf(machine: string, audit: Audit): string[] {
  const { calls } = audit.facts.states;
  const home = new Map<string, string>();
  for (const name of ["dom0", ...machinesOf(audit)])
    for (const { file, machine: of } of calls) if (of === name && !home.has(file)) home.set(file, name);
  return [...home].filter(([, name]) => name === machine).map(([file]) => file);
}

/** Top files, and state files that could not be read or are given to nobody. */
export function otherStateFiles({ facts: { tree, states } }: Audit): string[] {
  const given = new Set(states.calls.map(({ file }) => file));
  return [...tree.keys()].filter((path) => path.endsWith(".top") || (path.endsWith(".sls") && !given.has(path)));
}

/** Policy files stand line by line in a section of their own. */
export function isPolicy({ machine, path }: Landed): boolean {
  return machine === "dom0" && /\/policy\.d\//.test(path);
}

/** Whether a file's text is a file of the tree, so that its lines are places there; else a state has it in itself. */
export function isOwnFile({ origin, file, text }: Landed): boolean {
  return text !== undefined && origin !== file;
}

/** The files of a tree whose texts the page shows. */
export function shownFiles(audit: Audit): ReadonlySet<string> {
  const { states, landed } = audit.facts;
  return new Set([
    ...states.calls.map(({ file }) => file),
    ...otherStateFiles(audit),
    ...landed.filter(isOwnFile).map(({ origin }) => origin),
  ]);
}
