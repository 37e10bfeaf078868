// SPDX-License-Identifier: GPL-3.0-or-later
import type { Departure } from "../audit/departures.ts";
import { printable } from "../kernel/printable.ts";

/** What was chosen although it is not the safe default, with the reasons that the tree gives, for people; nothing where there is none. */
export function departuresText(all: readonly Departure[]): string {
  if (all.length === 0) return "";
  const lines = all.map(
    ({ at, chosen, because }) =>
      `  ${printable(at)}${chosen === undefined ? "" : ` (${printable(chosen)})`}\n    ${printable(because)}`,
  );
  return ["Chosen although it is not the safe default, for reasons of the topology's own", ...lines, ""].join("\n");
}
