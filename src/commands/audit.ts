// SPDX-License-Identifier: GPL-3.0-or-later
import { auditTree, SAID_OF_TOPOLOGY, study } from "../audit/audit.ts";
import { knowledgeOf, strangersOf } from "../audit/knowledge.ts";
import { departuresOf } from "../audit/departures.ts";
import { waysOf } from "../audit/ways.ts";
import { readPolicies } from "../io/policy-dir.ts";
import { readSubject } from "../io/subject.ts";
import type { Terminal } from "../io/terminal.ts";
import { departuresText } from "../report/departures.ts";
import { page } from "../report/dossier/page.ts";
import { graphText } from "../report/graph/text.ts";
import { knowledgeText } from "../report/knowledge.ts";
import { EXIT, tell, type FindOptions } from "./find.ts";

/** Options of `audit`. */
export interface AuditOptions {
  readonly format: "pretty" | "json" | "html";
  readonly strict?: boolean;
  /** A machine's own policy files, in place of the stock ones. */
  readonly policyDir?: string;
}

/** `audit`: what a system would do on a machine, who reaches whom in it, and what is wrong with that. Writes nothing. */
export function audit(path: string | undefined, options: AuditOptions, terminal: Terminal): number {
  const subject = readSubject(path);
  if (subject.chosen !== "") terminal.err(`${subject.chosen}\n\n`);
  const { strict = false, policyDir } = options;
  // The page goes to standard output; what was found is said beside it as for people.
  const told: FindOptions = { format: options.format === "json" ? "json" : "pretty", strict };
  if (!subject.tree) return tell(subject.diagnostics, told, terminal) || EXIT.findings;
  const audited = study(subject.tree, policyDir === undefined ? undefined : readPolicies(policyDir));
  // Of a topology the same was said already, at its own place.
  const inTree = auditTree(audited).filter(({ code }) => subject.kind !== "topology" || !SAID_OF_TOPOLOGY.has(code));
  const found = [...subject.diagnostics, ...inTree];
  const departures = departuresOf(subject.tree);
  const knowledge = knowledgeOf(audited);
  const strangers = strangersOf(audited);
  const code = tell(found, told, terminal, {
    subject: subject.name,
    ways: waysOf(audited),
    departures,
    knowledge,
    strangers,
  });
  if (options.format === "html")
    terminal.out(page({ kind: subject.kind, audit: audited, found, ownPolicies: policyDir !== undefined }));
  if (options.format === "pretty")
    terminal.out(
      `${found.length > 0 ? "\n" : ""}${graphText(audited)}${closing(audited)}\n${knowledgeText(knowledge, strangers)}${departures.length > 0 ? "\n" : ""}${departuresText(departures)}`,
    );
  return code;
}

function closing({ machine }: ReturnType<typeof study>): string {
  const { ours, strangers } = machine;
  return [
    "",
    `All else between these ${ours.length} qubes, and from and to every other, is denied, but for copying files, which asks. Judged by`,
    `the policy of a machine with ${strangers.join(", ")}.`,
    "What a qube that was taken over does with what it may reach, no policy says.",
    "",
  ].join("\n");
}
