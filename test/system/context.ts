// SPDX-License-Identifier: GPL-3.0-or-later
import type { Running, Whole } from "./running.ts";

/** What the steps of one system share. */
export interface Context {
  readonly whole: Whole;
  readonly gateways: readonly string[];
  /** There from the first step on. */
  readonly system: Running;
  /** What was tried, for the last line. */
  readonly figures: Record<"links" | "refused" | "answered" | "places" | "control", number>;
  /** Passwords that dom0 has had. */
  readonly secrets: string[];
}
