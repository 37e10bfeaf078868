// SPDX-License-Identifier: GPL-3.0-or-later
/** Real daemons, where the environment says where they are: each from the files of a tree, unchanged but for paths. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compiled, project, type Compiled } from "../compiled.ts";
import { passwordOf, rpcauthLine } from "../pillar.ts";

/** The daemons that the environment names. */
export const real = {
  bitcoind: process.env["QWBTC_BITCOIND"],
  fulcrum: process.env["QWBTC_FULCRUM"],
  joinmarketd: process.env["QWBTC_JOINMARKETD"],
};

/** A test's name, and by which variables it could run where it cannot. */
export function needing(name: string, ...variables: string[]): string {
  const missing = variables.filter((one) => !process.env[one]);
  return missing.length === 0 ? name : `${name} (skipped: ${missing.join(", ")} not set)`;
}

export interface Step {
  readonly rpc?: object;
  readonly line?: object;
  readonly run?: readonly string[];
  readonly start?: object;
  readonly listening?: true;
  readonly within?: number;
  /** What the answer must match; until then it is asked again. */
  readonly matching?: string;
}

interface Answer {
  readonly status?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string } | null;
  readonly failed?: string;
}

export interface Report {
  readonly results: readonly (Answer & string & readonly string[])[];
  readonly codes: readonly unknown[];
  readonly logs: readonly string[];
}

/** Starts daemons in a network of their own, takes the steps, stops them. */
export function session(start: readonly object[], steps: readonly Step[]): Report {
  const folder = mkdtempSync(path.join(tmpdir(), "session-"));
  try {
    const plan = path.join(folder, "plan.json");
    writeFileSync(plan, JSON.stringify({ start, steps, logs: folder }));
    const output = execFileSync("unshare", ["-n", "python3", path.join(project, "test/real/session.py"), plan], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    return JSON.parse(output) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A qube's folder /home as the tree and the pillar would fill it, at a place of our own. */
export class Home {
  readonly root = mkdtempSync(path.join(tmpdir(), "home-"));

  constructor(system: Compiled, qube: string) {
    const { tree, model } = system;
    for (const [file, { text }] of tree) {
      const at = file.indexOf(`/files/${qube}/home/`);
      if (at !== -1) this.write(file.slice(at + `/files/${qube}`.length), text);
    }
    const self = model.qubes.find((one) => one.name === qube);
    for (const secret of self?.role.qube?.(self, model).secrets ?? []) {
      const [, kind, key = ""] = secret.pillar.split(":");
      this.write(secret.path, kind === "rpcauth" ? rpcauthLine(key) : `${qube}:${passwordOf(qube)}`);
    }
  }

  /** Where a path of the qube lies here. */
  at(file: string): string {
    return path.join(this.root, file);
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    // Paths below /home are the one thing that is changed.
    writeFileSync(this.at(file), text.replaceAll(/(?<=[ ="])\/home\//g, `${this.root}/home/`));
  }

  /** A copy that may be spoilt. */
  copy(from: string, to: string): void {
    cpSync(this.at(from), this.at(to), { recursive: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Compiles a text and gives the homes of some of its qubes to the work. */
export function withHomes<T>(text: string, qubes: readonly string[], work: (homes: Home[], system: Compiled) => T): T {
  const system = compiled(text);
  const homes = qubes.map((one) => new Home(system, one));
  try {
    return work(homes, system);
  } finally {
    for (const home of homes) home.remove();
  }
}
