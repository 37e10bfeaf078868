// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import { parseOldRule, parseRule, serviceProblem, words, type Line, type Problem, type Rule } from "./rule.ts";

/** Where dom0's policy lies; a file of /run takes the place of one of the same name in /etc (R4.3; qrexec/policy/parser.py, load_policy_dirs). */
const FOLDERS = ["/run/qubes/policy.d", "/etc/qubes/policy.d"] as const;

/** A policy as dom0 has it in force. */
export interface Policy {
  /** In the order in which they are tried. */
  readonly rules: readonly Rule[];
  /** With one of these dom0 refuses every call. */
  readonly problems: readonly Problem[];
  /** Lines whose meaning cannot be known here. */
  readonly opaque: readonly Problem[];
}

/**
 * Loads a policy from texts by absolute path, as dom0 would from its disk. What lies elsewhere than in the policy folders is read where a line
 * includes it.
 */
export function loadPolicy(files: ReadonlyMap<string, string>): Policy {
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  const opaque: Problem[] = [];
  const seen = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const path of policyFilesIn(folder, files, problems)) {
      const name = baseOf(path);
      if (!seen.has(name)) seen.set(name, path);
    }
  }
  for (const [, path] of [...seen].toSorted(([a], [b]) => inCOrder(a, b)))
    read(path, { files, rules, problems, opaque, folder: folderOf(path), within: [] });
  return { rules, problems, opaque };
}

interface Loading {
  readonly files: ReadonlyMap<string, string>;
  readonly rules: Rule[];
  readonly problems: Problem[];
  readonly opaque: Problem[];
  /** Of the policy file from which all of this began: includes are relative to it. */
  readonly folder: string;
  /** The files that are being read, outermost first. */
  readonly within: readonly string[];
  /** For the lines of a file that `!include-service` names. */
  readonly old?: { readonly service: string; readonly argument: string };
}

/** The files of a folder that count, in C order; the others are passed over, and a wrong name stops everything (filter_filepaths). */
function policyFilesIn(folder: string, files: ReadonlyMap<string, string>, problems: Problem[]): string[] {
  const found = [...files.keys()].filter(
    (path) => folderOf(path) === folder && path.endsWith(".policy") && !baseOf(path).startsWith("."),
  );
  for (const file of found)
    if (!/^[0-9a-z_.-]+$/.test(baseOf(file)))
      problems.push({ file, line: 0, say: "a policy file's name has lower-case letters, digits, and _ . - alone" });
  return found.toSorted(inCOrder);
}

function read(file: string, loading: Loading): void {
  const text = loading.files.get(file) ?? "";
  const here = { ...loading, within: [...loading.within, file] };
  for (const [index, whole] of text.split(/\r\n|[\n\r]/).entries()) {
    const at = { file, line: index + 1 };
    const stripped = words(whole).length === 0 ? "" : whole.trim();
    if (stripped === "" || stripped.startsWith("#")) continue;
    const line = here.old ? stripped.replaceAll("$include:", "!include ") : stripped;
    if (line.startsWith("!")) {
      directive(words(line), at, here);
      continue;
    }
    const rule = here.old ? parseOldRule(line, here.old.service, here.old.argument, at) : parseRule(line, at);
    if (typeof rule === "string") loading.problems.push({ ...at, say: rule });
    else loading.rules.push(rule);
  }
}

function directive([name = "", ...params]: string[], at: Line, loading: Loading): void {
  const refuse = (say: string) => loading.problems.push({ ...at, say });
  const wanted = { "!include": 1, "!include-dir": 1, "!include-service": 3, "!compat-4.0": 0 }[name];
  if (wanted === undefined || (loading.old && name !== "!include")) return void refuse(`${name} is no directive here`);
  if (params.length !== wanted) return void refuse(`${name} takes ${wanted} words`);
  if (name === "!compat-4.0")
    return void loading.opaque.push({ ...at, say: "it reads the old policy below /etc/qubes-rpc/policy" });
  const path = resolved(loading.folder, params.at(-1) ?? "");
  if (name === "!include-dir") {
    const inside = [...loading.files.keys()].some((one) => one.startsWith(`${path}/`));
    if (!inside) return void refuse(`${path} is not a folder`);
    for (const file of policyFilesIn(path, loading.files, loading.problems)) include(file, loading, at);
    return;
  }
  if (!loading.files.has(path)) return void refuse(`${path} is not a file`);
  if (name === "!include-service") {
    const [service = "", argument = ""] = params;
    const problem = serviceProblem(service, argument);
    if (problem !== undefined) return void refuse(problem);
    return include(path, { ...loading, old: { service, argument } }, at);
  }
  include(path, loading, at);
}

/** A loop of includes never ends in qrexec: every call is refused. */
function include(path: string, loading: Loading, at: Line): void {
  if (loading.within.includes(path)) loading.problems.push({ ...at, say: `${path} includes itself` });
  else read(path, loading);
}

function resolved(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
