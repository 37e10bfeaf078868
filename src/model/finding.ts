// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic, Span } from "../kernel/diagnostic.ts";
import type { Path } from "../parse/document.ts";

/** What a rule found and where in the topology; the audit turns the path into a place. */
export interface Finding {
  readonly path: Path;
  readonly part?: "key" | "value";
  readonly make: (span: Span) => Diagnostic;
}

/** A finding of a message at a path. */
export function finding<Args extends unknown[]>(
  message: { at(span: Span | undefined, ...args: Args): Diagnostic },
  path: Path,
  ...args: Args
): Finding {
  return { path, make: (span) => message.at(span, ...args) };
}
