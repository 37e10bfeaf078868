// SPDX-License-Identifier: GPL-3.0-or-later
import { costs } from "../model/costs.ts";
import type { Model, Qube } from "../model/model.ts";

/** What a system is and costs, in a few lines. */
export function summary(model: Model): string {
  const { qubes, clones, memory, maxmem, disk } = costs(model);
  const rows = model.qubes.map((qube) => [qube.name, qube.role.name, behind(qube)] as const);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(([name, role, net]) => `  ${name.padEnd(width(0))}  ${role.padEnd(width(1))}  ${net}`);
  return [
    `${model.formula}: ${count(qubes, "qube")} and ${count(clones, "template clone")} on Qubes OS R${model.platform.qubes}, Whonix ${model.platform.whonix}`,
    ...lines,
    `  costs  ${memory} MiB of memory at start, ${maxmem} MiB at most, up to ${Math.round(disk / 2 ** 30)} GiB of disk`,
    "",
  ].join("\n");
}

function behind(qube: Qube): string {
  const { role, netvm } = qube;
  if (role.leftToUser?.(qube)) return `no net qube yet; you give it ${netvm?.name ?? "one"}`;
  return netvm ? `behind ${netvm.name}` : "no net qube";
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
