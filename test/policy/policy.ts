// SPDX-License-Identifier: GPL-3.0-or-later
/** What dom0 would answer to qrexec calls: evaluate.py on policy files in a folder of their own. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Tree } from "../../src/kernel/tree.ts";

const here = import.meta.dirname;
const stock = path.join(here, "stock");
/** The system's own: a version manager's is a shell script that starts five times as slowly. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** The evaluator's own text, for a stand-in inside a container. */
export const evaluator = readFileSync(path.join(here, "evaluate.py"), "utf8");

/** What a test says of a qube; the rest is an ordinary running AppVM. */
export interface Domain {
  readonly tags?: readonly string[];
  readonly type?: "AppVM" | "TemplateVM" | "StandaloneVM" | "DispVM";
  readonly default_dispvm?: string | null;
  readonly template_for_dispvms?: boolean;
  readonly power_state?: "Running" | "Halted" | "Paused" | "Transient";
}

export interface System {
  readonly domains: Readonly<Record<string, Domain>>;
}

export interface Request {
  readonly service: string;
  /** With its plus sign, which an empty one is alone. */
  readonly argument: string;
  readonly source: string;
  /** As the caller passes it: a name, `@default`, `@dispvm`, `@dispvm:NAME`, or nothing. */
  readonly target: string;
}

export interface Answer {
  readonly allow: boolean;
  /** A question to the user, who may still say no; the target is what is chosen beforehand. */
  readonly ask: boolean;
  readonly target: string | null;
  /** The rule that decided. */
  readonly file: string | null;
  readonly line: number | null;
  readonly autostart: boolean;
  readonly notify: boolean;
  readonly why: string;
}

/** Texts of policy files by their names. */
export type Policies = Readonly<Record<string, string>>;

/** The policy files that a tree puts into dom0. */
export function policiesOf(tree: Tree): Policies {
  const found: Record<string, string> = {};
  for (const [file, { text }] of tree) {
    const name = /\/files\/dom0\/etc\/qubes\/policy\.d\/([^/]+)$/.exec(file)?.[1];
    if (name !== undefined) found[name] = text;
  }
  return found;
}

/** The stock rules of stock/, by their files. */
export function stockPolicies(): Policies {
  return Object.fromEntries(readdirSync(stock).map((name) => [name, readFileSync(path.join(stock, name), "utf8")]));
}

/** Answers calls by these files and, unless told otherwise, the stock ones beside them. Throws where dom0 would refuse the policy as a whole. */
export function decide(
  policies: Policies,
  system: System,
  requests: readonly Request[],
  { beside = true }: { readonly beside?: boolean } = {},
): Answer[] {
  const folder = mkdtempSync(path.join(tmpdir(), "policy-"));
  try {
    const files = path.join(folder, "policy.d");
    mkdirSync(files);
    for (const [name, text] of Object.entries({ ...(beside ? stockPolicies() : {}), ...policies }))
      writeFileSync(path.join(files, name), text);
    writeFileSync(path.join(folder, "system.json"), JSON.stringify(system));
    const program = path.join(here, "evaluate.py");
    const { status, stdout, stderr } = spawnSync(python, ["-ISB", program, files, path.join(folder, "system.json")], {
      input: JSON.stringify(requests),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr.trim());
    return JSON.parse(stdout) as Answer[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
