// SPDX-License-Identifier: GPL-3.0-or-later
import type { Dossier } from "../dossier.ts";
import type { Content } from "../html.ts";

/** A question that somebody asks of a system, and what the audit has to say to it. */
interface Answer {
  readonly question: string;
  /** The answer in a sentence or two. */
  readonly short: Content;
  /** What it rests on. */
  readonly more: Content;
}

/** Answers one question out of what the audit found: another system gives another answer. */
export type Answering = (dossier: Dossier) => Answer;

/** Whether a part of the tree could not be read, so that "nothing" only means "nothing that was seen". */
export function blind({ audit: { facts, machine } }: Dossier): boolean {
  return facts.states.opaque.length + facts.states.patterns.length + machine.policy.opaque.length > 0;
}
