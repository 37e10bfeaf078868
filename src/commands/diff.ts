// SPDX-License-Identifier: GPL-3.0-or-later
import { study } from "../audit/audit.ts";
import { difference } from "../audit/diff/difference.ts";
import { readSubject, type Subject } from "../io/subject.ts";
import type { Terminal } from "../io/terminal.ts";
import { applyLines, differenceText } from "../report/difference.ts";
import { EXIT, tell } from "./find.ts";

/** Options of `diff`. */
export interface DiffOptions {
  readonly format: "pretty" | "json";
  readonly securityOnly?: boolean;
}

/** `diff`: what differs between two topologies, trees or bundles, meaning first. Exit 0 if nothing does, 1 if something does. */
export function diff(before: string, after: string, options: DiffOptions, terminal: Terminal): number {
  const subjects = [readSubject(before), readSubject(after)] as const;
  const errors = subjects.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "error"));
  const [old, now] = subjects.map(({ tree }: Subject) => tree && study(tree));
  if (!old || !now || errors.length > 0) {
    tell(errors, options, terminal);
    if (!old || !now) return EXIT.usage;
  }
  const found = difference(old, now);
  const securityOnly = options.securityOnly ?? false;
  const changes = found.changes.filter(({ security }) => security || !securityOnly);
  const same = securityOnly ? changes.length === 0 : found.files.length === 0;
  if (options.format === "json") {
    const { reapply, restart, files } = found;
    const paths = files.map(({ path }) => path);
    terminal.out(
      `${JSON.stringify({ same, changes, apply: reapply.length > 0 ? applyLines(reapply) : [], reapply, restart, files: paths }, null, 2)}\n`,
    );
  } else
    terminal.out(same ? "Nothing differs.\n" : differenceText(found, { securityOnly, formula: now.facts.formula }));
  return same ? EXIT.well : EXIT.findings;
}
