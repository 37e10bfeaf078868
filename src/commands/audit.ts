// SPDX-License-Identifier: GPL-3.0-or-later
import { auditTree, SAID_OF_TOPOLOGY, study } from "../audit/audit.ts";
import { departuresOf } from "../audit/departures.ts";
import { knowledgeOf, strangersOf } from "../audit/knowledge.ts";
import { pairsOf } from "../audit/pairs.ts";
import { unseenIn } from "../audit/unseen.ts";
import { waysOf } from "../audit/ways.ts";
import { readPolicies } from "../io/policy-dir.ts";
import { readSubject } from "../io/subject.ts";
import type { Terminal } from "../io/terminal.ts";
import { departuresText } from "../report/departures.ts";
import { page } from "../report/dossier/page.ts";
import { knowledgeText } from "../report/knowledge.ts";
import { reachText } from "../report/reach/text.ts";
import { unseenText } from "../report/unseen.ts";
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
  // The page goes to standard output; what was found is said beside it as for people.
  const told: FindOptions = { ...options, format: options.format === "json" ? "json" : "pretty" };
  if (!subject.tree) return tell(subject.diagnostics, told, terminal) || EXIT.findings;
  const audited = study(subject.tree, options.policyDir === undefined ? undefined : readPolicies(options.policyDir));
  // Of a topology the same was said already, at its own place.
  const inTree = auditTree(audited).filter(({ code }) => subject.kind !== "topology" || !SAID_OF_TOPOLOGY.has(code));
  const found = [...subject.diagnostics, ...inTree];
  const departures = departuresOf(subject.tree);
  const more = () => ({
    subject: subject.name,
    ways: waysOf(audited),
    pairs: pairsOf(audited),
    departures,
    knowledge: knowledgeOf(audited),
    strangers: strangersOf(audited),
    unseen: unseenIn(audited),
  });
  const code = tell(found, told, terminal, options.format === "json" ? more() : {});
  if (options.format === "html")
    terminal.out(page({ kind: subject.kind, audit: audited, found, ownPolicies: options.policyDir !== undefined }));
  if (options.format === "pretty") {
    const chosen = departuresText(departures);
    const knowledge = knowledgeText(knowledgeOf(audited), strangersOf(audited));
    const parts = [reachText(audited), knowledge, chosen, unseenText(unseenIn(audited))].filter((one) => one !== "");
    terminal.out(`${found.length > 0 ? "\n" : ""}${parts.join("\n")}`);
  }
  return code;
}
