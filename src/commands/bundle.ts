// SPDX-License-Identifier: GPL-3.0-or-later
import { relative } from "node:path";
import { digestOf } from "../bundle/judge.ts";
import { tarOf } from "../bundle/ustar.ts";
import { compile, type Compiled } from "../compile.ts";
import { putFile } from "../io/bundle-file.ts";
import { DiskError } from "../io/disk.ts";
import { keepHeapSmall } from "../io/heap.ts";
import { settled } from "../io/publish.ts";
import type { Terminal } from "../io/terminal.ts";
import { topologySource } from "../io/topology-source.ts";
import type { Tree } from "../kernel/tree.ts";
import { sha256, SUMS } from "../render/manifest.ts";
import { bringIn } from "../render/bring-in.ts";
import { EXIT, tell, type FindOptions } from "./find.ts";
import { judgeBundle } from "./verify.ts";

/** Options of `bundle`. */
export interface BundleOptions extends FindOptions {
  readonly out?: string;
}

/** `bundle`: compiles a topology and writes the tree as one tar, and says how dom0 brings it in. */
export function bundle(path: string | undefined, options: BundleOptions, terminal: Terminal): number {
  const source = topologySource(path);
  if (source.chosen !== "") terminal.err(`${source.chosen}\n\n`);
  keepHeapSmall(source.text);
  const { value, diagnostics } = compile(source);
  const failed = options.strict === true && diagnostics.some((one) => one.severity === "warning");
  if (!value || failed) return tell(diagnostics, options, terminal);
  try {
    const { lines, json } = write(value, options.out ?? `${value.model.formula}.tar`);
    const code = tell(diagnostics, options, terminal, json);
    if (options.format === "pretty") terminal.out(`${diagnostics.length > 0 ? "\n" : ""}${lines}`);
    return code;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    tell([...diagnostics, error.diagnostic], options, terminal);
    return EXIT.usage;
  }
}

/** The bundle of a tree: the same bytes for the same tree, anywhere. */
export function bundleOf(formula: string, tree: Tree): Buffer {
  return tarOf(
    formula,
    [...tree].map(([path, { text, mode }]) => ({ path, mode, bytes: Buffer.from(text, "utf8") })),
  );
}

function write({ model, tree }: Compiled, out: string) {
  const { formula } = model;
  const bytes = bundleOf(formula, tree);
  const wrote = putFile(bytes, out, (old) => whyNotOurs(old, formula));
  const full = settled(out);
  const where = relative(".", full);
  const sums = sha256(tree.get(SUMS)?.text ?? "");
  const digest = digestOf(bytes);
  const json = { out: where, files: tree.size, bytes: bytes.length, wrote, bundle: digest, digest: sums };
  return { json, lines: told({ formula, full, where, files: tree.size, wrote, digest, sums }) };
}

/** As `build` replaces an unedited earlier tree and nothing else, so does this with a bundle of the same formula that is whole. */
function whyNotOurs(old: Buffer, formula: string): string | undefined {
  const { judged } = judgeBundle(old, "it");
  const [first] = judged.diagnostics;
  if (first) return first.say;
  return judged.formula === formula ? undefined : `it is one of formula ${judged.formula}`;
}

interface Done {
  readonly formula: string;
  readonly full: string;
  readonly where: string;
  readonly files: number;
  readonly wrote: boolean;
  readonly digest: string;
  readonly sums: string;
}

function told({ formula, full, where, files, wrote, digest, sums }: Done): string {
  const plain = /^[A-Za-z0-9._/@+-]+$/.test(full);
  const steps = bringIn({ formula, path: plain ? full : `/home/user/${formula}.tar`, digest });
  const lines = (commands: readonly string[]) => commands.map((one) => `  ${one}`);
  return [
    wrote ? `Wrote ${where} (${files} files)` : `${where} is up to date (${files} files)`,
    `SHA-256 of the bundle: ${digest}`,
    `Digest of SHA256SUMS:  ${sums}`,
    "",
    ...(plain ? [] : [`Its path holds what a shell would take amiss: copy it to /home/user/${formula}.tar first.`]),
    "In dom0, with this qube's name for QUBE:",
    ...lines(steps.fetch),
    ...lines(steps.byDigest),
    ...lines(steps.enter),
    "Type the digest as you have it by another way than the file came by: from somebody, or another qube, that built the same topology;",
    'at least off this screen. Then read what was unpacked, and go on in its README.md from step 3 of "In dom0".',
    "",
  ].join("\n");
}
