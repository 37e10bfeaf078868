// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { isSafePath, type Tree, type TreeFile } from "../kernel/tree.ts";
import { MANIFEST, SUMS } from "../render/manifest.ts";
import { paths } from "../render/paths.ts";
import { noSecrets } from "../verify/no-secrets.ts";
import { policyFiles } from "../verify/policy-files.ts";
import { version } from "../version.ts";
import * as say from "./messages.ts";
import type { Member } from "./ustar.ts";

/** What can be said of a tree that was found somewhere. The digest is that of SHA256SUMS, which names the version. */
export interface Judged {
  readonly formula?: string;
  readonly compiler?: string;
  readonly digest?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is read of a MANIFEST.json that nobody vouches for yet. */
interface Claims {
  readonly formula: string;
  readonly compiler: string;
  readonly files: ReadonlyMap<string, { readonly mode: unknown; readonly sha256: unknown }>;
}

/** As in install.sh: names that topd or Salt would take amiss, and those of stock formulas. */
const FORMULA = /^(?!.*(?:base|user|-)$)[a-z][a-z0-9-]{0,11}$/;
const RESERVED = ["qvm", "update", "topd", "top", "qubes", "salt", "dom0", "pillar"];

/** The SHA-256 of bytes, as hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Judges the files of a tree by what they say of each other, as install.sh does in dom0: every file listed, bytes and modes as listed, no file
 * besides, MANIFEST.json and SHA256SUMS of one mind, nothing that belongs to another formula. It proves that a tree is whole, not who made it.
 */
export function judge(members: readonly Member[]): Judged {
  const found = new Map(members.map((one) => [one.path, one]));
  const signed = found.get(SUMS);
  if (!signed) return { diagnostics: [say.notListed.at(undefined, SUMS, "is missing")] };
  const digest = digestOf(signed.bytes);
  const { sums, problems } = parseSums(signed.bytes);
  for (const { path } of members)
    if (path !== SUMS && !sums.has(path))
      problems.push(say.notListed.at(undefined, path, "is not listed in SHA256SUMS"));
  for (const [path, sum] of sums) {
    const file = found.get(path);
    if (!file) problems.push(say.notListed.at(undefined, path, "is listed in SHA256SUMS and not there"));
    else if (digestOf(file.bytes) !== sum) problems.push(say.otherBytes.at(undefined, path));
  }
  const manifest = found.get(MANIFEST);
  if (!manifest || !sums.has(MANIFEST)) {
    if (!manifest) problems.push(say.notListed.at(undefined, MANIFEST, "is missing"));
    return { digest, diagnostics: problems };
  }
  const claims = parseManifest(manifest.bytes);
  if (typeof claims === "string")
    return { digest, diagnostics: [...problems, say.badSeals.at(undefined, `MANIFEST.json ${claims}`)] };
  problems.push(...disagreements(claims, sums), ...wrongModes(claims, members));
  problems.push(
    ...[...strays(claims.formula, sums.keys())].map(([path, what]) => say.misplaced.at(undefined, path, what)),
  );
  if (problems.length === 0) problems.push(...odd(claims, members));
  return { formula: claims.formula, compiler: claims.compiler, digest, diagnostics: problems };
}

function parseSums(bytes: Uint8Array): { sums: Map<string, string>; problems: Diagnostic[] } {
  const sums = new Map<string, string>();
  const problems: Diagnostic[] = [];
  const wrong = (what: string) => problems.push(say.badSeals.at(undefined, `SHA256SUMS ${what}`));
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  if (lines.pop() !== "") wrong("does not end with a line break: it was cut off");
  let last = "";
  for (const [index, line] of lines.entries()) {
    const path = line.slice(66);
    if (!/^[0-9a-f]{64} {2}$/.test(line.slice(0, 66)) || !isSafePath(path) || path === SUMS)
      wrong(`line ${index + 1} is not a digest, two blanks and a plain relative path`);
    else if (path <= last) wrong(`line ${index + 1} stands twice or out of order: ${path}`);
    else {
      sums.set(path, line.slice(0, 64));
      last = path;
    }
  }
  return { sums, problems };
}

/** What the manifest says, or why it says nothing. */
function parseManifest(bytes: Uint8Array): Claims | string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text) as Record<string, unknown>;
    // The very form in which it is written: so no key stands twice, of which one reader takes the first and another the last.
    if (text !== `${JSON.stringify(value, null, 2)}\n`)
      return "is not in the form in which it is written, or a key stands twice";
    if (value["format"] !== 1) return "has a format other than 1, the only one that this version knows";
    const { formula, compiler, files } = value;
    if (typeof formula !== "string" || !FORMULA.test(formula) || RESERVED.includes(formula))
      return "names a formula as none can be named";
    if (typeof compiler !== "string" || !/^[0-9A-Za-z.+-]{1,40}$/.test(compiler))
      return "does not say which version made it";
    if (typeof files !== "object" || files === null || Array.isArray(files)) return "has no list of files";
    const entries = Object.entries(files as Record<string, unknown>).map(([path, claim]) => {
      const { mode, sha256 } = (claim ?? {}) as { mode?: unknown; sha256?: unknown };
      return [path, { mode, sha256 }] as const;
    });
    return { formula, compiler, files: new Map(entries) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)
      return "cannot be read: it is not JSON, not UTF-8, or nested without end";
    throw error;
  }
}

function* disagreements({ files }: Claims, sums: ReadonlyMap<string, string>): Iterable<Diagnostic> {
  for (const path of files.keys()) {
    if (!sums.has(path))
      yield say.badSeals.at(undefined, `${JSON.stringify(path)} stands in MANIFEST.json and not in SHA256SUMS`);
  }
  for (const [path, sum] of sums) {
    if (path === MANIFEST) continue;
    const claim = files.get(path);
    if (claim?.sha256 !== sum) yield say.badSeals.at(undefined, `MANIFEST.json and SHA256SUMS disagree about ${path}`);
    else if (claim.mode !== "0644" && claim.mode !== "0755")
      yield say.badSeals.at(undefined, `MANIFEST.json gives ${path} a mode that is neither 0644 nor 0755`);
  }
  if (files.has(MANIFEST)) yield say.badSeals.at(undefined, "MANIFEST.json lists itself");
}

function* wrongModes({ files }: Claims, members: readonly Member[]): Iterable<Diagnostic> {
  for (const { path, mode } of members) {
    const wanted = path === SUMS || path === MANIFEST ? "0644" : files.get(path)?.mode;
    if ((wanted === "0644" || wanted === "0755") && mode !== wanted)
      yield say.otherMode.at(undefined, path, mode, wanted);
  }
}

/** What would land in dom0's Salt is the formula and the one file that declares its root; all that a run needs is there. */
function* strays(formula: string, listed: Iterable<string>): Iterable<[path: string, what: string]> {
  const at = paths(formula);
  const all = new Set(listed);
  for (const path of all) {
    const first = path.split("/")[0];
    if ((first === "etc" || first === "srv") && path !== at.minion && !path.startsWith(`${at.root}/${formula}/`))
      yield [path, `does not belong to formula ${formula}`];
  }
  for (const needed of [at.minion, at.top, "install.sh"]) if (!all.has(needed)) yield [needed, "is not part of it"];
}

/**
 * What no topology can lead to, so that it needs no topology to be told. Beyond the declaration of the root only for trees of this version:
 * another one may write what this one does not know.
 */
function* odd({ formula, compiler }: Claims, members: readonly Member[]): Iterable<Diagnostic> {
  const at = paths(formula);
  const wrong = (what: string) => say.wrongInside.at(undefined, what);
  const tree: Tree = new Map(members.map(({ path, bytes, mode }) => [path, asText(bytes, mode)]));
  const conf = (tree.get(at.minion)?.text ?? "").replaceAll('"', "").split("\n");
  const said = conf.map((line) => line.trimEnd()).filter((line) => line !== "" && !line.startsWith("#"));
  if (said.join("\n") !== `file_roots:\n  base:\n    - /${at.root}`)
    yield wrong(`${at.minion} does more than to declare the root of the formula`);
  if (compiler !== version) return;
  const reading = { tree, states: [], includes: new Map(), targets: new Map(), problems: [] };
  for (const what of [...noSecrets(reading), ...policyFiles(reading, { formula })]) yield wrong(what);
  for (const [path, { text }] of tree) {
    if (/\.(?:sls|top)$/.test(path) && (!text.startsWith("#!yaml\n") || /\{[{%#]/.test(text)))
      yield wrong(`${path} is not plain YAML: Jinja would run in dom0`);
  }
}

function asText(bytes: Uint8Array, mode: string): TreeFile {
  return { text: Buffer.from(bytes).toString("utf8"), mode: mode === "0755" ? "0755" : "0644" };
}
