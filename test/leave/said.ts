// SPDX-License-Identifier: GPL-3.0-or-later
/** The lines that uninstall.sh says below a heading. */
export function below(out: string, heading: string): string[] {
  const lines = out.split("\n");
  const rest = lines.slice(lines.indexOf(heading) + 1);
  const end = rest.findIndex((line) => !line.startsWith("  "));
  return rest.slice(0, end === -1 ? rest.length : end).map((line) => line.trim());
}

/** What such lines are about. */
export const named = (lines: string[]) => lines.map((line) => line.split(":")[0]).toSorted();
