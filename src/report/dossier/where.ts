// SPDX-License-Identifier: GPL-3.0-or-later
import type { Landed } from "../../audit/facts.ts";
import type { Audit } from "../../audit/finding.ts";

/** Where on the page things stand: each text is shown once, so that a mark in it is there once. */

/** Which machine has which card, and which state files are shown with it. */
export interface Layout {
  /** The marks of the cards, by machine, in the order of the cards: dom0's comes last. */
  readonly cards: ReadonlyMap<string, string>;
  /** By machine: the state files that are given to it, and to nobody before it; dom0 is before all. */
  readonly stateFiles: ReadonlyMap<string, readonly string[]>;
}

/** A card for each qube of ours, for all else that states make or set, and for all others that are given states or files. */
export function layoutOf({ facts, machine }: Audit): Layout {
  const ours = machine.ours.map(({ name }) => name);
  const given = [...facts.states.calls, ...facts.landed].map((one) => one.machine);
  const machines = [...new Set([...ours, ...facts.qubes.keys(), ...given])].filter((name) => name !== "dom0");
  const ranks = new Map(["dom0", ...machines].map((name, at) => [name, at]));
  const homes = new Map<string, string>();
  for (const { file, machine: name } of facts.states.calls) {
    const known = homes.get(file);
    if (known === undefined || (ranks.get(name) ?? 0) < (ranks.get(known) ?? 0)) homes.set(file, name);
  }
  const stateFiles = new Map<string, string[]>();
  for (const [file, name] of homes) stateFiles.set(name, [...(stateFiles.get(name) ?? []), file]);
  return {
    cards: new Map([...machines.map((name, at) => [name, `qube-${at}`] as const), ["dom0", "qube-dom0"]]),
    stateFiles,
  };
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
