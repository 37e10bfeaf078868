// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic, Span } from "../kernel/diagnostic.ts";
import type { Path } from "../parse/document.ts";
import type { Qube } from "./model.ts";

/** What a rule found and where in the topology; the audit turns the path into a place. */
export interface Finding {
  readonly path: Path;
  readonly part?: "key" | "value";
  readonly make: (span: Span) => Diagnostic;
  /** Whose `because` of which name turns it into a note: a departure from a safe default that somebody may mean. */
  readonly unless?: { readonly qube: Qube; readonly key: string };
}

/** A finding of a message at a path. */
export function finding<Args extends unknown[]>(
  message: { at(span: Span | undefined, ...args: Args): Diagnostic },
  path: Path,
  ...args: Args
): Finding {
  return { path, make: (span) => message.at(span, ...args) };
}
