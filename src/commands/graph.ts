// SPDX-License-Identifier: GPL-3.0-or-later
import { study } from "../audit/audit.ts";
import type { Audit } from "../audit/finding.ts";
import { readSubject } from "../io/subject.ts";
import type { Terminal } from "../io/terminal.ts";
import { graphDot } from "../report/graph/dot.ts";
import { graphMermaid } from "../report/graph/mermaid.ts";
import { graphSvg } from "../report/graph/svg.ts";
import { graphText } from "../report/graph/text.ts";
import { EXIT, tell } from "./find.ts";

/** The forms of `graph`. */
export const GRAPHS: Readonly<Record<string, (audit: Audit) => string>> = {
  text: graphText,
  mermaid: graphMermaid,
  dot: graphDot,
  svg: graphSvg,
};

/** `graph`: who reaches whom, as text, for Mermaid or Graphviz, or as a picture. */
export function graph(path: string | undefined, { format }: { readonly format: string }, terminal: Terminal): number {
  const subject = readSubject(path);
  if (subject.chosen !== "") terminal.err(`${subject.chosen}\n\n`);
  const errors = subject.diagnostics.filter(({ severity }) => severity === "error");
  const code = tell(errors, { format: "pretty" }, terminal);
  if (!subject.tree) return code || EXIT.findings;
  terminal.out(GRAPHS[format]?.(study(subject.tree)) ?? "");
  return code;
}
