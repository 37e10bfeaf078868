// SPDX-License-Identifier: GPL-3.0-or-later
import { byPlace, type Diagnostic } from "./diagnostic.ts";

/** One step of the compiler: pure, total, and honest about what it could not do. */
export type Stage<In, Out> = (input: In) => Outcome<Out>;

/**
 * A value and what was noticed on the way to it. A stage that met mistakes still hands on what it understood, so that one run reports them
 * all; nothing is rendered from an outcome that holds an error.
 */
export class Outcome<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(value: T | undefined, diagnostics: readonly Diagnostic[] = []) {
    this.value = value;
    this.diagnostics = diagnostics;
  }

  /** Whether no error was noticed. */
  get sound(): boolean {
    return this.value !== undefined && !this.diagnostics.some((one) => one.severity === "error");
  }

  /** The next stage, if there is anything for it to work on. (Not named `then`, which would make this a promise.) */
  pipe<Out>(stage: Stage<T, Out>): Outcome<Out> {
    if (this.value === undefined) return new Outcome<Out>(undefined, this.diagnostics);
    const next = stage(this.value);
    const wrong = new Set(this.diagnostics.filter((one) => one.severity === "error" && one.span).map(place));
    const fresh = next.diagnostics.filter((one) => !one.span || !wrong.has(place(one))); // nothing is said twice of one place
    return new Outcome(next.value, [...this.diagnostics, ...fresh].toSorted(byPlace));
  }

  /** Goes on only if no error was noticed. */
  ifSound(): Outcome<T> {
    return this.sound ? this : new Outcome<T>(undefined, this.diagnostics);
  }
}

function place({ span }: Diagnostic): string {
  return `${span?.line}:${span?.column}`;
}
