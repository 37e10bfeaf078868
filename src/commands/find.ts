// SPDX-License-Identifier: GPL-3.0-or-later
import type { Terminal } from "../io/terminal.ts";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { json } from "../report/json.ts";
import { pretty, tally } from "../report/pretty.ts";

/** The exit codes of every command. */
export const EXIT = { well: 0, findings: 1, usage: 2, bug: 70 } as const;

/** Options of the commands that look at a topology. */
export interface FindOptions {
  readonly format: "pretty" | "json";
  readonly strict?: boolean;
}

/** Shows findings, on standard error for people or as JSON on standard output, and says with which code to exit. */
export function tell(
  found: readonly Diagnostic[],
  options: FindOptions,
  terminal: Terminal,
  more: object = {},
): number {
  const failed = found.some(
    (one) => one.severity === "error" || (options.strict === true && one.severity === "warning"),
  );
  if (options.format === "json") terminal.out(json(found, more));
  else if (found.length > 0) terminal.err(`${pretty(found, terminal.paint)}\n${tally(found)}\n`);
  return failed ? EXIT.findings : EXIT.well;
}
