// SPDX-License-Identifier: GPL-3.0-or-later
import type { Code, Diagnostic, Severity, Span } from "./diagnostic.ts";

/** What the compiler has to say under one code; `say`, `why` and `fix` may name the particular case. */
export interface Wording<Args extends unknown[]> {
  readonly severity: Severity;
  readonly say: (...args: Args) => string;
  readonly why: string | ((...args: Args) => string);
  readonly fix: string | ((...args: Args) => string);
  /** The document or source file that shows the fact behind `why`. */
  readonly source?: string;
  /** What the program itself says, or does in silence, where it meets the mistake; `explain` quotes it. */
  readonly says?: readonly string[];
  /** The general form of `say`, for `explain CODE`. */
  readonly title: string;
}

/** A message that a stage or a rule can utter. */
export interface Message<Args extends unknown[] = never[]> extends Wording<Args> {
  readonly code: Code;
  /** The finding at one place. */
  at(span: Span | undefined, ...args: Args): Diagnostic;
}

/** A message as `explain` sees it: without its particular case. */
export type MessageEntry = Pick<Message, "code" | "severity" | "title" | "source" | "says"> & {
  readonly why?: string;
  readonly fix?: string;
};

const declared = new Map<string, MessageEntry>();

/**
 * Declares a message under its code, beside the stage or rule that utters it; `explain` finds it through `allMessages`.
 * Throws when two files claim one code: that is a mistake in the compiler.
 */
export function message<Args extends unknown[]>(code: Code, wording: Wording<Args>): Message<Args> {
  if (declared.has(code)) throw new Error(`the code ${code} is declared twice`);
  const { severity, title, why, source, says, fix } = wording;
  declared.set(code, {
    code,
    severity,
    title,
    ...(typeof why === "string" && { why }),
    ...(source !== undefined && { source }),
    ...(says !== undefined && { says }),
    ...(typeof fix === "string" && { fix }),
  });
  return {
    code,
    ...wording,
    at: (span, ...args) => ({
      code,
      severity: wording.severity,
      say: wording.say(...args),
      why: typeof why === "string" ? why : why(...args),
      fix: typeof fix === "string" ? fix : fix(...args),
      source: wording.source,
      span,
    }),
  };
}

/** Every message of the compiler, by code. Where the reason or the fix depends on the case, it is left out. */
export function allMessages(): MessageEntry[] {
  return [...declared.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
}
