// SPDX-License-Identifier: GPL-3.0-or-later
import { costs } from "../model/costs.ts";
import type { Model } from "../model/model.ts";

/** What a system is and costs, in a few lines. */
export function summary(model: Model): string {
  const { qubes, clones, memory, maxmem, disk } = costs(model);
  const rows = model.qubes.map(
    ({ name, role, netvm }) => [name, role.name, netvm ? `behind ${netvm.name}` : "no net qube"] as const,
  );
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(([name, role, net]) => `  ${name.padEnd(width(0))}  ${role.padEnd(width(1))}  ${net}`);
  return [
    `${model.formula}: ${count(qubes, "qube")} and ${count(clones, "template clone")} on Qubes OS R${model.platform.qubes}, Whonix ${model.platform.whonix}`,
    ...lines,
    `  costs  ${memory} MiB of memory at start, ${maxmem} MiB at most, up to ${Math.round(disk / 2 ** 30)} GiB of disk`,
    "",
  ].join("\n");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
