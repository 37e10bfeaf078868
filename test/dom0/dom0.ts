// SPDX-License-Identifier: GPL-3.0-or-later
/** The stand-in dom0 for other tests: apply a tree in a private root and see what it did (apply.py says how). */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Salt } from "../salts/salts.ts";

const run = promisify(execFile);
const here = import.meta.dirname;
const sandbox = path.resolve(here, "../sandbox.sh");

type Value = string | number | boolean | null;

export interface Qube {
  readonly klass: string;
  /** Only what is set explicitly, as qubes.xml has it. */
  readonly properties: Readonly<Record<string, Value>>;
  readonly tags: readonly string[];
  readonly features: Readonly<Record<string, string>>;
  readonly firewall: readonly string[];
  readonly volumes: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  readonly power_state: "Halted" | "Paused" | "Running";
}

export interface World {
  readonly qubes: Readonly<Record<string, Qube>>;
  readonly globals: Readonly<Record<string, Value>>;
  readonly [key: string]: unknown;
}

/** What the real dom0 would pass over in silence. An empty list is what a formula must have. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly qube: string | null;
  readonly state: string | null;
}

export interface State {
  readonly id: string;
  readonly function: string;
  readonly name: string;
  readonly result: boolean | null;
  readonly comment: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Its onlyif or unless said no. */
  readonly skipped: boolean;
}

interface Run {
  /** As `qubesctl --dom0-only`: 0, 2 for a failed state, 1 for a tree that does not compile. */
  readonly exit: number;
  readonly errors: readonly string[];
  readonly states: readonly State[];
  readonly changed: readonly string[];
  readonly failed: readonly string[];
  /** Worlds are equal exactly if qubesd would have stored the same: compare these, since creating shows no changes. */
  readonly before: World;
  readonly after: World;
  readonly files: Readonly<Record<string, { readonly mode: string; readonly owner: string; readonly sha256: string }>>;
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly seconds: number;
}

interface Minion {
  readonly top: unknown;
  readonly low: readonly Readonly<Record<string, unknown>>[];
  readonly errors: readonly string[];
}

export interface Applied {
  readonly salt: string;
  readonly own: readonly string[];
  readonly enabled: readonly string[];
  readonly minions: Readonly<Record<string, Minion>>;
  readonly runs: readonly Run[];
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

export interface Options {
  readonly formula: string;
  readonly salt: Salt;
  /** A whole stored world (an earlier `after`), or what differs from a fresh dom0; null removes. */
  readonly world?: unknown;
  readonly release?: "4.2" | "4.3";
  readonly runs?: number;
  readonly test?: boolean;
  /** The formula's own qubes; otherwise whatever the tree creates or names in its top file. */
  readonly own?: readonly string[];
  /** `NAME=CLASS:TEMPLATE:TAG,TAG`, planted before the first run. */
  readonly foreign?: readonly string[];
  /** A directory whose content goes to /srv/pillar/base/<formula>. */
  readonly pillar?: string;
  /** The sandbox's state; without it a new one, gone afterwards. */
  readonly state?: string;
  /** Go on with the world and the files that `state` holds. */
  readonly keep?: boolean;
}

/** Apply a formula tree to a fresh stand-in dom0, twice unless told otherwise. */
export async function applyTwice(tree: string, options: Options): Promise<Applied> {
  return inState(options.state, async (state) => {
    const root = path.join(state, "tmp/tree");
    await rm(root, { recursive: true, force: true });
    await cp(tree, root, { recursive: true, verbatimSymlinks: true });
    if (options.pillar !== undefined) {
      await cp(options.pillar, path.join(root, "srv/pillar/base", options.formula), { recursive: true });
    }
    const words = ["--root", "/tmp/tree", "--formula", options.formula, "--release", options.release ?? "4.3"];
    words.push("--runs", String(options.runs ?? 2));
    if (options.test === true) words.push("--test");
    if (options.keep === true) words.push("--keep");
    if (options.own !== undefined) words.push("--own", options.own.join(","));
    for (const planted of options.foreign ?? []) words.push("--foreign", planted);
    if (options.world !== undefined) {
      await writeFile(path.join(state, "tmp/world.json"), JSON.stringify(options.world));
      words.push("--world", "/tmp/world.json");
    }
    return (await inSandbox(state, options.salt, "apply.py", words)) as Applied;
  });
}

/** Run one of this folder's Python programs inside the sandbox; it answers with JSON. */
export async function inSandbox(
  state: string,
  salt: Salt,
  program: string,
  words: readonly string[],
): Promise<unknown> {
  const { stdout } = await run("sh", [sandbox, state, salt.python, path.join(here, program), ...words], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout);
}

/** With a state directory for test/sandbox.sh: the one given, or a new one that is gone afterwards. */
export async function inState<T>(given: string | undefined, work: (state: string) => Promise<T>): Promise<T> {
  const state = given ?? (await mkdtemp(path.join(tmpdir(), "dom0-")));
  try {
    await mkdir(path.join(state, "tmp"), { recursive: true });
    return await work(state);
  } finally {
    if (given === undefined) await rm(state, { recursive: true, force: true });
  }
}
