// SPDX-License-Identifier: GPL-3.0-or-later
/** A system under test: its machine, its runbook, and what a user types. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import { bundleOf } from "../../src/commands/bundle.ts";
import { compiled } from "../compiled.ts";
import { salts } from "../salts/salts.ts";
import type { Applied } from "./apply.ts";
import { until } from "./hypervisor.ts";
import { stranger } from "./known.ts";
import { Machine } from "./machine.ts";
import { world } from "./net.ts";
import { artifactOf, pinned, type Program } from "./programs.ts";
import { blocksOf, checksOf, type Block, type Check } from "./runbook.ts";

export interface Declared {
  readonly client: string;
  readonly server: string;
  readonly port: number;
}

export interface Whole {
  readonly name: string;
  readonly topology: string;
  /** Each link that the topology declares; none of them by the server's name. Written down here by hand: the compiler is what is judged. */
  readonly declared: readonly Declared[];
  readonly programs: readonly Program[];
  readonly offline: readonly string[];
  /** The workstations with a net qube, by their gateways. */
  readonly behind: Readonly<Record<string, string>>;
  readonly wallet: string;
  readonly server: string;
  readonly node: string;
  /** Whether node and server are the real ones; absent where they cannot be. */
  readonly real?: boolean;
}

export class Running {
  readonly machine: Machine;
  readonly whole: Whole;
  readonly blocks: readonly Block[];
  readonly checks: readonly Check[];

  private constructor(machine: Machine, whole: Whole) {
    this.machine = machine;
    this.whole = whole;
    const runbook = machine.system.tree.get("README.md")?.text ?? "";
    this.blocks = blocksOf(runbook);
    this.checks = checksOf(runbook);
  }

  /** A fresh machine, with the bundle in a qube of the user's own. */
  static async open(whole: Whole): Promise<Running> {
    const [salt] = await salts();
    if (salt === undefined) throw new Error("no Salt");
    const machine = await Machine.open(compiled(pinned(whole.topology, whole.programs)), salt);
    return new Running(machine, whole);
  }

  /** Brings the tree into dom0 by the runbook's own words, with the names and the digest that only the user knows. */
  async bringIn(): Promise<string> {
    const { system, hypervisor } = this.machine;
    const { formula } = system.model;
    const bundle = bundleOf(formula, system.tree);
    await this.machine.did(`qvm-run ${stranger} true`);
    const put = `cat >/home/user/${formula}.tar`;
    expect(await hypervisor.run(stranger, put, { input: bundle.toString("latin1") })).toMatchObject({ status: 0 });
    const digest = createHash("sha256").update(bundle).digest("hex");
    await this.machine.did(this.block("mkdir qwbtc-1").replace("QUBE", stranger));
    return this.machine.did(`cd qwbtc-1 && ${this.block("sha256sum --strict").replace("DIGEST", digest)}`);
  }

  /** A command in dom0, in the tree's folder. */
  inDom0(text: string): Promise<string> {
    return this.machine.did(`cd /tmp/qwbtc-1/qwbtc && ${text}`);
  }

  /** The runbook's block that has these words. */
  block(words: string, where = "dom0"): string {
    const found = this.blocks.find((one) => one.text.includes(words) && one.where === where);
    if (!found) throw new Error(`the runbook has no block with ${words}`);
    return found.text;
  }

  /** What was applied in qubes during the work. */
  async applies(work: () => Promise<unknown>): Promise<Applied[]> {
    const before = this.machine.hypervisor.applies.length;
    await work();
    return this.machine.hypervisor.applies.slice(before);
  }

  qubes(): string[] {
    return this.machine.system.model.qubes.map(({ name }) => name);
  }

  running(): string[] {
    const { qubes } = this.machine.world();
    return this.qubes()
      .filter((name) => qubes[name]?.power_state === "Running")
      .toSorted();
  }

  /** dom0 but for which qubes run: what an apply must leave as it was. */
  still(): object {
    const all = Object.entries(this.machine.world().qubes);
    return Object.fromEntries(all.map(([name, held]) => [name, { ...held, power_state: "" }]));
  }

  /** Every address that a qube could dial, at every port that somebody listens at, or could. */
  places(from: string): (readonly [host: string, port: number])[] {
    const ports = [22, 80, 443, 8332, 8333, 8433, 9040, 9050, 9051, 9180, 9401, 9999, 18443, 18445, 27183, 50001];
    const { known } = this.machine;
    const hosts = ["10.152.152.10", world, ...this.qubes().map((name) => known.address(name))];
    return hosts
      .filter((host) => host !== known.address(from))
      .flatMap((host) => ports.map((port) => [host, port] as const));
  }

  /** A command of a qube's user that must succeed: what it said. */
  async typed(qube: string, command: string): Promise<string> {
    const { status, stdout, stderr } = await this.machine.hypervisor.run(qube, command);
    if (status !== 0) throw new Error(`${qube}: ${command}: exit ${status}: ${stdout}${stderr}`);
    return stdout;
  }

  readonly electrum = (words: string) => this.typed(this.whole.wallet, `electrum ${words}`);
  readonly cli = (words: string) => this.typed(this.whole.node, `bitcoin-cli ${words}`);

  /** What our units in these qubes have logged last, for who wonders why something failed. */
  async logs(...names: string[]): Promise<string> {
    const command = `journalctl --boot --no-pager --lines 40 --output short-precise --unit '${this.machine.system.model.formula}-*'`;
    const all = names.map(async (name) => (await this.machine.hypervisor.run(name, command, { user: "root" })).stdout);
    return (await Promise.all(all)).join("\n");
  }

  /** What the server says to the wallet's qube, by the runbook's own command; nothing while it has no node. */
  async version(): Promise<string> {
    const { wallet } = this.whole;
    const command = this.checks.find(({ where }) => where === wallet)?.command ?? "false";
    return (await this.machine.hypervisor.run(wallet, command)).stdout;
  }

  /** What the product's own test does not call ok. */
  async selftest(): Promise<string[]> {
    const { stdout, stderr } = await this.machine.dom0("cd qwbtc-1/qwbtc && ./selftest --format json");
    if (!stdout.startsWith("{")) throw new Error(stderr);
    const { checks } = JSON.parse(stdout) as {
      checks: { qube: string; check: string; verdict: string; detail: string }[];
    };
    const rest = checks.filter(({ verdict }) => verdict !== "ok");
    return rest.map(({ qube, check }) => `${qube}: ${check}`).toSorted();
  }

  /** No unit has failed in any qube that runs. */
  async allWell(): Promise<void> {
    for (const name of this.running()) {
      const { stdout } = await this.machine.hypervisor.run(name, "systemctl list-units --failed --plain --no-legend");
      expect([name, stdout]).toEqual([name, ""]);
    }
  }

  /** Sends a program to its qube, as `qvm-copy` from another one does, and waits until it runs there. */
  async bring(program: Program): Promise<void> {
    const { machine } = this;
    const input = artifactOf(program).toString("latin1");
    const at = `/usr/local/lib/qwbtc-salt/${program.folder}`;
    if (program.file === undefined) {
      const unpack = `mkdir -p ${at}/${program.version} && tar -C ${at}/${program.version} --strip-components=1 -xzf -`;
      const done = await machine.hypervisor.run(program.qube, unpack, { user: "root", input });
      expect(done).toMatchObject({ status: 0 });
      const start = "sudo systemctl start qwbtc-joinmarketd 2>/dev/null || true";
      await this.typed(program.qube, `sudo ln -sfn ${program.version} ${at}/current; ${start}`);
      return;
    }
    const incoming = `QubesIncoming/${stranger}`;
    const copy = `mkdir -p ${incoming} && cat >${incoming}/.part && mv ${incoming}/.part ${incoming}/${program.file}`;
    expect(await machine.hypervisor.run(program.qube, copy, { input })).toMatchObject({ status: 0 });
    const there = async () => (await machine.hypervisor.run(program.qube, `test -e ${at}/current`)).status === 0;
    const said = () => this.typed(program.qube, "sudo /usr/local/lib/qwbtc-salt/bring-program status || true");
    if (!(await until(there, 120))) throw new Error(`${program.qube} did not take its program: ${await said()}`);
  }
}
