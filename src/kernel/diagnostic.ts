// SPDX-License-Identifier: GPL-3.0-or-later
/** A stretch of a topology file, for people and for editors. Lines and columns count from 1; `length` is in characters, at least 1. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The whole source line, without its line break. */
  readonly text: string;
}

/** An error stops the build; a warning does not (unless `--strict`); a note only informs. */
export type Severity = "error" | "warning" | "note";

/** What a message code looks like. */
export type Code = `QB${number}`;

/** One finding, complete: what is wrong, why it matters, what to do, and where. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly say: string;
  readonly why: string;
  readonly fix: string;
  /** The document or source file behind `why`. */
  readonly source?: string | undefined;
  /** Absent only where no place in a topology is to blame (an unreadable file, say). */
  readonly span?: Span | undefined;
}

/** Orders findings by place, then code: the same input always gives the same list. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (
    (a.span?.line ?? 0) - (b.span?.line ?? 0) ||
    (a.span?.column ?? 0) - (b.span?.column ?? 0) ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0) ||
    (a.say < b.say ? -1 : a.say > b.say ? 1 : 0)
  );
}
