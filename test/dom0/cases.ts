// SPDX-License-Identifier: GPL-3.0-or-later
/** A case of cases/*.yaml: what its states, commands or lines must come to. */
import { expect } from "vitest";
import type { Finding, Qube, State } from "./dom0.ts";

interface Expected {
  /** Per ID, one result for each apply. */
  readonly results?: Readonly<Record<string, readonly (boolean | null)[]>>;
  /** IDs that are false in every apply. */
  readonly failed?: readonly string[];
  /** IDs that show changes in the last apply too; or that show some in the first and none in the second. */
  readonly "changes-again"?: readonly string[];
  readonly settles?: readonly string[];
  /** Per ID, the applies (from 1) that show no changes; or the changes of the first. */
  readonly unchanged?: Readonly<Record<string, readonly number[]>>;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly comments?: Readonly<Record<string, string>>;
  /** The rules that must be found, each once, and no others. */
  readonly findings: readonly string[];
  readonly errors?: string;
  readonly faults?: readonly number[];
  /** Qubes afterwards: as far as they are described, that are not there, that nothing has changed. */
  readonly qubes?: Readonly<Record<string, unknown>>;
  readonly absent?: readonly string[];
  readonly untouched?: readonly string[];
  readonly tagged?: Readonly<Record<string, readonly string[]>>;
  readonly without?: Readonly<Record<string, readonly string[]>>;
}

export interface Case {
  readonly case: string;
  readonly fact: string;
  readonly source: string;
  readonly shell?: readonly { readonly run: string; readonly exit: number; readonly says?: string }[];
  readonly sls?: unknown;
  readonly expect: Expected;
  readonly twin?: Omit<Case, "case" | "fact" | "source" | "expect" | "twin">;
}

/** What cases.py says of a case. */
export interface Answer {
  readonly errors: readonly string[];
  readonly runs: readonly (readonly State[])[];
  readonly findings: readonly Finding[];
  readonly qubes?: Readonly<Record<string, Qube>>;
  readonly changed?: readonly string[];
  readonly steps?: readonly { readonly run: string; readonly exit: number; readonly output: string }[];
}

export const rules = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map((finding) => finding.rule))].toSorted();

export function judgeCase(found: Answer, one: Case): void {
  const wanted = one.expect;
  expect(rules(found.findings), JSON.stringify(found.findings, null, 1)).toEqual([...wanted.findings].toSorted());
  if (wanted.errors !== undefined) expect(found.errors.join("\n")).toContain(wanted.errors);
  else if (wanted.faults !== undefined)
    expect(found.errors.map((text) => Number.parseInt(text, 10))).toEqual(wanted.faults);
  else expect(found.errors).toEqual([]);
  judgeStates(found, wanted);
  judgeQubes(found, wanted);
  expect(found.steps?.map(({ run, exit }) => ({ run, exit }))).toEqual(
    one.shell?.map(({ run, exit }) => ({ run, exit })),
  );
  for (const [index, step] of (one.shell ?? []).entries()) {
    if (step.says !== undefined) expect(found.steps?.[index]?.output, step.run).toContain(step.says);
  }
}

function judgeStates(found: Answer, wanted: Expected): void {
  const of = (id: string): State[] => found.runs.map((run) => run.find((state) => state.id === id)!);
  const changed = (id: string): boolean[] => of(id).map((state) => Object.keys(state.changes).length > 0);
  for (const [id, results] of Object.entries(wanted.results ?? {})) {
    const states = of(id);
    expect(
      states.map((state) => state.result),
      `${id}: ${states.map((state) => state.comment).join("\n")}`,
    ).toEqual(results);
  }
  for (const id of wanted.failed ?? []) {
    for (const state of of(id)) expect(state.result, `${id}: ${state.comment}`).toBe(false);
  }
  for (const id of wanted["changes-again"] ?? []) expect(changed(id), id).toEqual([true, true]);
  for (const id of wanted.settles ?? []) expect(changed(id), id).toEqual([true, false]);
  for (const [id, runs] of Object.entries(wanted.unchanged ?? {})) {
    for (const run of runs) expect(of(id)[run - 1]?.changes, `${id}, apply ${run}`).toEqual({});
  }
  for (const [id, changes] of Object.entries(wanted.changes ?? {})) expect(of(id)[0]?.changes).toEqual(changes);
  for (const [id, text] of Object.entries(wanted.comments ?? {})) expect(of(id)[0]?.comment).toContain(text);
}

function judgeQubes(found: Answer, wanted: Expected): void {
  if (wanted.qubes !== undefined) expect(found.qubes).toMatchObject(wanted.qubes);
  for (const name of wanted.absent ?? []) expect(Object.keys(found.qubes ?? {})).not.toContain(name);
  for (const name of wanted.untouched ?? []) expect(found.changed).not.toContain(name);
  for (const [name, tags] of Object.entries(wanted.tagged ?? {})) {
    expect(found.qubes?.[name]?.tags).toEqual(expect.arrayContaining([...tags]));
  }
  for (const [name, properties] of Object.entries(wanted.without ?? {})) {
    for (const property of properties) expect(found.qubes?.[name]?.properties).not.toHaveProperty(property);
  }
}
