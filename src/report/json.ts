// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";

/** Findings for programs, with whatever else the command found. */
export function json(diagnostics: readonly Diagnostic[], more: object = {}): string {
  return `${JSON.stringify({ ...more, diagnostics }, null, 2)}\n`;
}
