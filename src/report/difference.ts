// SPDX-License-Identifier: GPL-3.0-or-later
import type { Difference } from "../audit/diff/difference.ts";
import { MANIFEST, SUMS } from "../render/manifest.ts";

/** How a difference is shown. */
export interface DifferenceOptions {
  readonly securityOnly: boolean;
  /** The formula's name, for the command that applies it. */
  readonly formula: string | undefined;
}

/** A difference for people: what it means, what to apply and to start again, then the texts. Empty if there is none. */
export function differenceText(found: Difference, { securityOnly }: DifferenceOptions): string {
  const changes = found.changes.filter(({ security }) => security || !securityOnly);
  const blocks: string[] = [];
  const abouts = [...new Set(changes.map(({ about }) => about))];
  for (const about of abouts)
    blocks.push([about, ...changes.filter((one) => one.about === about).map(({ say }) => `  ${say}`)].join("\n"));
  if (found.reapply.length > 0)
    blocks.push(["To apply", ...applyLines(found.reapply).map((one) => `  ${one}`)].join("\n"));
  if (found.restart.length > 0)
    blocks.push(
      ["To start again, where it runs", ...found.restart.map(({ qube, why }) => `  ${qube}: ${why}`)].join("\n"),
    );
  // The seals differ whenever anything does, and say nothing to people.
  const files = found.files.filter(({ path }) => path !== MANIFEST && path !== SUMS);
  if (!securityOnly && files.length > 0) blocks.push(files.map(fileText).join("\n"));
  return blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`;
}

/** The shortest commands that apply what differs. Templates are named before qubes, for qubesctl takes them in that order. */
export function applyLines(machines: readonly string[]): string[] {
  const targets = machines.filter((name) => name !== "dom0");
  // qubesctl applies dom0 first, unless it is told otherwise; nothing of dom0 is needed for the rest to be right.
  const skip = machines.includes("dom0") ? "" : " --skip-dom0";
  if (targets.length === 0) return ["sudo qubesctl state.apply"];
  return [`sudo qubesctl${skip} --targets=${targets.join(",")} state.apply`];
}

function fileText({ path, before, after }: Difference["files"][number]): string {
  if (before === undefined) return `+ ${path}`;
  if (after === undefined) return `- ${path}`;
  return [`~ ${path}`, ...lineChanges(before.split("\n"), after.split("\n")).map((one) => `    ${one}`)].join("\n");
}

const MOST = 40;

/** Lines that went and came, by their longest common sequence, a cut of forty at most; digests say nothing to people. */
function lineChanges(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const lines =
    old.length * now.length > 4_000_000
      ? [...old.map((one) => `- ${one}`), ...now.map((one) => `+ ${one}`)]
      : common(old, now);
  return lines.length > MOST ? [...lines.slice(0, MOST), `… and ${lines.length - MOST} more lines`] : lines;
}

function common(old: readonly string[], now: readonly string[]): string[] {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  const at = (a: number, b: number) => table[a * width + b] ?? 0;
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--)
      table[a * width + b] = old[a] === now[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  const lines: string[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) [a, b] = [a + 1, b + 1];
    else if (b < now.length && (a === old.length || at(a, b + 1) > at(a + 1, b))) lines.push(`+ ${now[b++]}`);
    else lines.push(`- ${old[a++]}`);
  }
  return lines;
}
