// SPDX-License-Identifier: GPL-3.0-or-later
import { analyse } from "../compile.ts";
import type { Terminal } from "../io/terminal.ts";
import { topologySource } from "../io/topology-source.ts";
import { costs } from "../model/costs.ts";
import { summary } from "../report/summary.ts";
import { EXIT, tell, type FindOptions } from "./find.ts";

/** `check`: says everything that is wrong with a topology, and what it would make and cost. Writes nothing. */
export function check(path: string | undefined, options: FindOptions, terminal: Terminal): number {
  const source = topologySource(path);
  if (source.chosen !== "") terminal.err(`${source.chosen}\n\n`);
  const { value, diagnostics, sound } = analyse(source);
  const code = tell(diagnostics, options, terminal, sound && value ? { costs: costs(value) } : {});
  if (sound && value && options.format === "pretty")
    terminal.out(`${diagnostics.length > 0 ? "\n" : ""}${summary(value)}`);
  return sound ? code : EXIT.findings;
}
