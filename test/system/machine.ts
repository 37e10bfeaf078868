// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A machine with a system on it: the stand-in dom0 of test/dom0, and a container for each of its qubes that it says is running.
 *
 * dom0's stored world is the truth: whoever starts or stops a qube there, a script, Salt, qrexec, the container follows within a moment, and a
 * container that powers itself off is told to dom0. So every program of dom0 is at work as it is, and none knows of containers.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Compiled } from "../../src/compile.ts";
import { boot, type Suite } from "../container/container.ts";
import type { World } from "../dom0/dom0.ts";
import type { Salt } from "../salts/salts.ts";
import { Hypervisor } from "./hypervisor.ts";
import { Known } from "./known.ts";
import { Outside } from "./net.ts";
import { stockRoot } from "./stock.ts";

const here = import.meta.dirname;
const test = path.resolve(here, "..");

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Machine {
  readonly state: string;
  readonly known: Known;
  readonly system: Compiled;
  readonly suite: Suite;
  readonly hypervisor: Hypervisor;
  readonly outside: Outside;
  readonly #salt: Salt;
  readonly #release: "4.2" | "4.3";
  readonly #close: (() => Promise<unknown>)[];

  private constructor(system: Compiled, suite: Suite, salt: Salt, parts: Parts) {
    this.system = system;
    this.suite = suite;
    this.#salt = salt;
    this.#release = system.model.platform.qubes;
    this.state = parts.state;
    this.known = parts.known;
    this.hypervisor = parts.hypervisor;
    this.outside = parts.outside;
    this.#close = parts.close;
  }

  /** A fresh dom0 with its stock qubes, before anything of ours is on it. Whoever calls this calls `close`. */
  static async open(system: Compiled, salt: Salt): Promise<Machine> {
    const suite: Suite = system.model.platform.whonix === 17 ? "bookworm" : "trixie";
    const stock = await stockRoot(suite);
    const state = mkdtempSync(path.join(tmpdir(), "system-"));
    const close: (() => Promise<unknown>)[] = [async () => rmSync(state, { recursive: true, force: true })];
    try {
      for (const folder of ["run/system/qubes", "tmp/system", "etc/qubes/policy.d", "var/lib"])
        mkdirSync(path.join(state, folder), { recursive: true });
      const box = await boot({ suite, lower: stock.workstation });
      close.push(() => box.stop());
      const outside = await Outside.open(box);
      const known = new Known(state, system);
      const hypervisor = new Hypervisor({ state, known, suite, salt, stock, outside });
      close.push(() => hypervisor.close());
      const machine = new Machine(system, suite, salt, { state, known, hypervisor, outside, close });
      machine.#programs();
      // Makes the sandbox's own /etc first: what is in it then stays.
      await machine.dom0("true", { fresh: true });
      cpSync(path.join(test, "policy/stock"), path.join(state, "etc/qubes/policy.d"), { recursive: true });
      await hypervisor.open(qrexecd(state, close));
      return machine;
    } catch (error) {
      await closeAll(close);
      throw error;
    }
  }

  /** Types a command in dom0, in its folder /tmp. */
  async dom0(command: string, { fresh = false, input = "" } = {}): Promise<Ran> {
    const own = this.names().join(",");
    const words = [path.join(test, "sandbox.sh"), this.state, this.#salt.python, path.join(test, "dom0/enter.py")];
    words.push("--release", this.#release, "--own", own, ...(fresh ? ["--fresh"] : []));
    words.push("sh", "-c", `PATH=/tmp/system/bin:$PATH; export PATH; cd /tmp; ${command}`);
    const child = spawn("sh", words, { stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (stdout += data));
    child.stderr.on("data", (data: Buffer) => (stderr += data));
    child.stdin.end(input);
    const [status] = (await once(child, "close")) as [number | null];
    this.#gather();
    this.said.push(stdout, stderr);
    return { status: status ?? -1, stdout, stderr };
  }

  /** A command in dom0 that must succeed: what it said. */
  async did(command: string, options?: { input?: string }): Promise<string> {
    const { status, stdout, stderr } = await this.dom0(command, options);
    // What did as it should is no news.
    const news = stdout.split("\n").filter((line) => !/^(?:ok:|\[SKIP\]|=====|changed:)/.test(line));
    if (status !== 0) throw new Error(`dom0: ${command}: exit ${status}\n${news.join("\n")}${stderr}`);
    return stdout;
  }

  /** All that was shown in dom0. */
  readonly said: string[] = [];

  /** The passwords in dom0's pillar as it is now. */
  secrets(): string[] {
    const folder = path.join(this.state, "srv/pillar/base", this.system.model.formula);
    const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
    return texts.flatMap((text) =>
      [...text.matchAll(/"[a-z-]+:([A-Za-z0-9_-]{20,})"/g)].map(([, secret = ""]) => secret),
    );
  }

  /** What dom0 would have passed over in silence, in all commands so far. */
  readonly findings: unknown[] = [];

  #gather(): void {
    const file = path.join(this.state, "run/dom0-standin/findings");
    const found = existsSync(file) ? readFileSync(file, "utf8") : "";
    this.findings.push(
      ...found
        .split("\n")
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line)),
    );
  }

  /** Our qubes and template clones. */
  names(): string[] {
    return this.known.names();
  }

  world(): World {
    return this.known.world();
  }

  /** Every qrexec call so far. */
  calls(): {
    source: string;
    service: string;
    argument: string;
    target: string;
    allow: boolean;
    to: string | null;
    started: boolean;
  }[] {
    const file = path.join(this.state, "run/system/calls");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  async close(): Promise<void> {
    await closeAll(this.#close);
  }

  /** What is typed in dom0 and reaches qubes goes by these first; the rest are the stand-in dom0's own. */
  #programs(): void {
    const bin = path.join(this.state, "tmp/system/bin");
    mkdirSync(bin);
    const made = (name: string, ...lines: string[]) => {
      writeFileSync(path.join(bin, name), ["#!/bin/sh", ...lines, ""].join("\n"));
      chmodSync(path.join(bin, name), 0o755);
    };
    const python = (program: string) => `exec ${this.#salt.python} -B ${path.join(here, "dom0", program)} "$@"`;
    made("sudo", 'exec "$@"');
    made("qubesctl", python("qubesctl.py"));
    made("qvm-run", python("qvm_run.py"));
    made("qrexec-policy-exec", python("qrexec_policy_exec.py"));
    for (const name of ["qvm-start", "qvm-shutdown", "qvm-kill"])
      made(
        name,
        `/usr/bin/${name} "$@"`,
        "code=$?",
        `${this.#salt.python} -B ${path.join(here, "dom0/settle.py")}`,
        "exit $code",
      );
  }
}

interface Parts {
  readonly state: string;
  readonly known: Known;
  readonly hypervisor: Hypervisor;
  readonly outside: Outside;
  readonly close: (() => Promise<unknown>)[];
}

/** qrexecd.py, as a function that makes a qube's socket. */
function qrexecd(state: string, close: (() => Promise<unknown>)[]): (qube: string) => Promise<void> {
  const child: ChildProcess = spawn("python3", ["-ISB", path.join(here, "qrexecd.py"), state], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  close.push(async () => {
    const gone = once(child, "close");
    child.stdin?.end();
    await gone;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const waiting: (() => void)[] = [];
  lines.on("line", () => waiting.shift()?.());
  return (qube) =>
    new Promise((done) => {
      waiting.push(done);
      child.stdin?.write(`${JSON.stringify({ qube })}\n`);
    });
}

async function closeAll(close: (() => Promise<unknown>)[]): Promise<void> {
  for (const one of close.toReversed()) await one();
}
