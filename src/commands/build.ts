// SPDX-License-Identifier: GPL-3.0-or-later
import { relative } from "node:path";
import { compile, type Compiled } from "../compile.ts";
import { DiskError } from "../io/disk.ts";
import { keepHeapSmall } from "../io/heap.ts";
import { inspect, onDisk, publish, settled } from "../io/publish.ts";
import type { Terminal } from "../io/terminal.ts";
import { topologySource } from "../io/topology-source.ts";
import { compare, isSame, type Changes } from "../io/written.ts";
import { sha256, SUMS } from "../render/manifest.ts";
import { summary } from "../report/summary.ts";
import { EXIT, tell, type FindOptions } from "./find.ts";

/** Options of `build`. */
export interface BuildOptions extends FindOptions {
  readonly out: string;
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

/** `build`: compiles a topology and writes the tree; with `check` or `dryRun` it only compares. */
export function build(path: string | undefined, options: BuildOptions, terminal: Terminal): number {
  const source = topologySource(path);
  if (source.chosen !== "") terminal.err(`${source.chosen}\n\n`);
  keepHeapSmall(source.text);
  const { value, diagnostics } = compile(source);
  const more: Record<string, unknown> = {};
  let disk: DiskError | undefined;
  let lines = "";
  let differs = false;
  const failed = options.strict === true && diagnostics.some((one) => one.severity === "warning");
  if (value && !failed) {
    try {
      const done = options.check || options.dryRun ? look(value, options) : write(value, options.out, terminal);
      lines = done.lines;
      differs = done.differs && options.check === true;
      Object.assign(more, done.json);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      disk = error;
    }
  }
  const code = tell([...diagnostics, ...(disk ? [disk.diagnostic] : [])], options, terminal, more);
  if (options.format === "pretty" && lines !== "") terminal.out(`${diagnostics.length > 0 ? "\n" : ""}${lines}`);
  if (disk) return EXIT.usage;
  return differs ? EXIT.findings : code;
}

interface Done {
  readonly lines: string;
  readonly differs: boolean;
  readonly json: object;
}

function write({ tree, model }: Compiled, out: string, terminal: Terminal): Done {
  const { wrote, recovered, diagnostics } = publish(tree, out);
  if (recovered) terminal.err("An earlier build was cut off here; this one cleared up after it.\n");
  for (const { say } of diagnostics) terminal.err(`${say}\n`);
  const digest = sha256(tree.get(SUMS)?.text ?? "");
  const where = relative(".", settled(out)) || ".";
  const lines = [
    summary(model),
    wrote ? `Wrote ${tree.size} files to ${where}/` : `${where}/ is up to date (${tree.size} files)`,
    `Digest of SHA256SUMS: ${digest}`,
    `Next: read ${where}/README.md, the runbook of this system.`,
    "",
  ].join("\n");
  return { lines, differs: wrote, json: { out: where, files: tree.size, wrote, digest } };
}

function look({ tree }: Compiled, { out, check }: BuildOptions): Done {
  const folder = settled(out);
  const changes = onDisk(folder, () => compare(tree, folder));
  const same = isSame(changes);
  if (!check) onDisk(folder, () => inspect(folder));
  const where = relative(".", folder) || ".";
  const summed = same
    ? `${where}/ is up to date (${tree.size} files)\n`
    : `${list(changes)}${check ? `${where}/ is not up to date` : "Nothing was written"}\n`;
  return { lines: summed, differs: !same, json: { out: where, ...changes } };
}

function list({ added, changed, removed }: Changes): string {
  const rows = [
    ...added.map((path) => [path, "+"] as const),
    ...changed.map((path) => [path, "~"] as const),
    ...removed.map((path) => [path, "-"] as const),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([path, sign]) => `  ${sign} ${path}\n`).join("");
}
