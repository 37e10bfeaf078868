// SPDX-License-Identifier: GPL-3.0-or-later
import { auditTree, study } from "../audit/audit.ts";
import { pairsOf } from "../audit/pairs.ts";
import { waysOf } from "../audit/ways.ts";
import { readPolicies } from "../io/policy-dir.ts";
import { readSubject } from "../io/subject.ts";
import type { Terminal } from "../io/terminal.ts";
import { reachText } from "../report/reach/text.ts";
import { EXIT, tell } from "./find.ts";

/** Options of `audit`. */
export interface AuditOptions {
  readonly format: "pretty" | "json";
  readonly strict?: boolean;
  /** A machine's own policy files, in place of the stock ones. */
  readonly policyDir?: string;
}

/** `audit`: what a system would do on a machine, who reaches whom in it, and what is wrong with that. Writes nothing. */
export function audit(path: string | undefined, options: AuditOptions, terminal: Terminal): number {
  const subject = readSubject(path);
  if (subject.chosen !== "") terminal.err(`${subject.chosen}\n\n`);
  if (!subject.tree) return tell(subject.diagnostics, options, terminal) || EXIT.findings;
  const audited = study(subject.tree, options.policyDir === undefined ? undefined : readPolicies(options.policyDir));
  const found = [...subject.diagnostics, ...auditTree(audited)];
  const more = () => ({ subject: subject.name, ways: waysOf(audited), pairs: pairsOf(audited) });
  const code = tell(found, options, terminal, options.format === "json" ? more() : {});
  if (options.format === "pretty") terminal.out(`${found.length > 0 ? "\n" : ""}${reachText(audited)}`);
  return code;
}
