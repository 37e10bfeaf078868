// SPDX-License-Identifier: GPL-3.0-or-later
import type { Span } from "../kernel/diagnostic.ts";

/** A topology as it was written: a name to show people, and the text. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** Where a value stands: the keys and list positions that lead to it. */
export type Path = readonly (string | number)[];

/**
 * The place of a value, or of the key it stands under. A path that leads nowhere (a missing key) gives the nearest key above it, so that a
 * finding about something absent still points at what lacks it.
 */
export type Locate = (path: Path, part?: "key" | "value") => Span;

/** A parsed topology: plain data, and where each piece of it stands. */
export interface Document {
  readonly name: string;
  readonly value: unknown;
  readonly locate: Locate;
}
