// SPDX-License-Identifier: GPL-3.0-or-later
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Tree } from "../src/kernel/tree.ts";

/** Whether a program is installed here. Tests that need one are skipped by its name where it is not; in CI all are there. */
export function has(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** `name`, with the reason why it is skipped where the program is missing. */
export function judged(name: string, ...programs: string[]): string {
  const missing = programs.filter((one) => !has(one));
  return missing.length > 0 ? `${name} (skipped: ${missing.join(", ")} not installed)` : name;
}

/** Writes what a tree puts into one machine below a folder, as it would lie there, and gives the folder to the work. */
export function landed<T>(tree: Tree, machine: string, work: (root: string) => T): T {
  const root = mkdtempSync(path.join(tmpdir(), "landed-"));
  try {
    for (const [file, { text }] of tree) {
      const at = file.indexOf(`/files/${machine}/`);
      if (at === -1) continue;
      const target = path.join(root, file.slice(at + `/files/${machine}`.length));
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    return work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Runs a program; its output is standard output and error together. */
export function run(program: string, args: readonly string[], options: { input?: string; timeout?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000, ...options });
  return { status, output: `${stdout}${stderr}` };
}
