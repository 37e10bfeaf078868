// SPDX-License-Identifier: GPL-3.0-or-later
/** A whole small system that runs: a container for each qube, wired as the topology says, and a dom0 that knows them. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { publish } from "../../src/io/publish.ts";
import type { Model } from "../../src/model/model.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { compiled } from "../compiled.ts";
import { baseOf, boot, type Box, type Suite } from "../container/container.ts";
import { evaluator, stockPolicies } from "../policy/policy.ts";
import { made, standin } from "./qube.ts";

const here = import.meta.dirname;

/** A gateway, a node, its server and a wallet, with volumes that a container can have. */
const topology = `formula: qwbtc
platform: { qubes: "4.3", whonix: 18 }
qubes:
  sys-bitcoin: { role: whonix-gateway }
  bitcoin-server: { role: bitcoind, netvm: sys-bitcoin, chain: regtest, onion: { p2p: ephemeral }, vm: { private: 2GiB } }
  electrum-server: { role: fulcrum, bitcoind: bitcoin-server, vm: { private: 2GiB } }
  electrum-client: { role: electrum-wallet, server: electrum-server }
`;

/** What dom0 knows of a qube; `pid` is 0 where it does not run. */
interface Known {
  pid: number;
  tags: string[];
  prefs: Record<string, string | null>;
  /** A command that answers in its place. */
  says?: string;
}

/** A line of the report. */
export interface Row {
  readonly qube: string;
  readonly check: string;
  readonly verdict: "ok" | "failed" | "not tried";
  readonly detail: string;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** dom0 alone: a root of its own with a tree, policies, and the tools by which it knows the qubes. */
export class Dom0 {
  readonly state = mkdtempSync(path.join(tmpdir(), "selftest-"));
  readonly names: readonly string[];
  readonly policies = path.join(this.state, "etc/qubes/policy.d");
  readonly #world = path.join(this.state, "etc/standin-world.json");
  world: Record<string, Known>;

  constructor(tree: Tree, model: Model) {
    // Makes the root.
    this.command("true");
    for (const folder of ["root/bin", "etc/qubes/policy.d"])
      mkdirSync(path.join(this.state, folder), { recursive: true });
    for (const tool of ["qvm-check", "qvm-tags", "qvm-prefs", "qvm-run", "qvm-start", "qrexec-policy-exec"])
      writeFileSync(path.join(this.state, "root/bin", tool), standin("qvm.py"), { mode: 0o755 });
    writeFileSync(path.join(this.state, "root/bin/evaluate.py"), evaluator);
    publish(tree, path.join(this.state, "tmp/tree"));
    for (const [name, text] of Object.entries(stockPolicies())) writeFileSync(path.join(this.policies, name), text);
    for (const name of ["45-qwbtc.policy", "80-qwbtc.policy"])
      cpSync(
        path.join(this.state, `tmp/tree/srv/formulas/base/qwbtc-formula/qwbtc/files/dom0/etc/qubes/policy.d/${name}`),
        path.join(this.policies, name),
      );
    this.names = model.qubes.map(({ name }) => name);
    this.world = Object.fromEntries(
      model.qubes.map(({ name, netvm }) => [
        name,
        { pid: 0, tags: ["qwbtc"], prefs: { netvm: netvm?.name ?? null, default_dispvm: null } },
      ]),
    );
    this.tell();
  }

  /** Writes what it knows. */
  tell(): void {
    writeFileSync(this.#world, JSON.stringify({ qubes: this.world }));
  }

  get worldFile(): string {
    return this.#world;
  }

  /** Types a command in the unpacked tree. */
  command(command: string): Ran {
    const words = [path.join(here, "../sandbox.sh"), this.state, "sh", "-c", `cd /tmp/tree 2>/dev/null; ${command}`];
    const env = { PATH: `/root/bin:${process.env["PATH"]}`, HOME: "/root", LC_ALL: "C" };
    const { status, stdout, stderr } = spawnSync("sh", words, {
      encoding: "utf8",
      env,
      timeout: 240_000,
      maxBuffer: 1 << 26,
    });
    return { status, stdout, stderr };
  }

  /** The report, line by line. */
  selftest(...words: string[]): { status: number | null; rows: Row[]; stderr: string } {
    const { status, stdout, stderr } = this.command(`./selftest --format json ${words.join(" ")}`);
    if (stdout === "") throw new Error(`no report, exit ${status}\n${stderr}`);
    return { status, rows: (JSON.parse(stdout) as { checks: Row[] }).checks, stderr };
  }

  remove(): void {
    rmSync(this.state, { recursive: true });
  }
}

/** All of it, running. */
export class System extends Dom0 {
  readonly boxes = new Map<string, Box>();
  #qrexec?: ChildProcess;

  static async start(suite: Suite): Promise<System> {
    const { tree, model } = compiled(topology);
    await baseOf(suite);
    const system = new System(tree, model);
    try {
      const booted = await Promise.all(
        model.qubes.map(async (qube) => [qube.name, await boot({ suite, ...made(qube, model, tree) })] as const),
      );
      for (const [name, box] of booted) {
        system.boxes.set(name, box);
        (system.world[name] as Known).pid = box.pid;
      }
      system.#wire();
      system.tell();
      await system.#connect();
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  box(name: string): Box {
    const box = this.boxes.get(name);
    if (!box) throw new Error(name);
    return box;
  }

  /** A virtual cable from one qube's network to another's, or to nowhere. */
  cable(from: string, name: string, to?: string, other?: string): void {
    const [a, b] = [this.box(from).pid, to === undefined ? undefined : this.box(to).pid];
    const there = b === undefined ? `${name}x netns ${a}` : `${other} netns ${b}`;
    must("ip", ["link", "add", name, "netns", String(a), "type", "veth", "peer", "name", ...there.split(" ")]);
  }

  /** As qubes-core-agent-linux network/vif-route-qubes does it; what whonix-firewall would refuse in the node, a route refuses here. */
  #wire(): void {
    this.cable("bitcoin-server", "eth0", "sys-bitcoin", "vif1.0");
    this.net(
      "bitcoin-server",
      "addr add 10.137.0.20/32 dev eth0",
      "link set eth0 up",
      "route add 10.137.0.50 dev eth0",
    );
    this.net(
      "sys-bitcoin",
      "addr add 10.137.0.50/32 dev vif1.0",
      "addr add 10.152.152.10/32 dev vif1.0",
      "link set vif1.0 up",
    );
    this.net("sys-bitcoin", "route add 10.137.0.20 dev vif1.0");
    this.net("bitcoin-server", "route add 10.152.152.10 via 10.137.0.50", "route add prohibit default");
    (this.world["bitcoin-server"] as Known).prefs["ip"] = "10.137.0.20";
  }

  /** Commands of ip(8) in a qube's network. */
  net(name: string, ...commands: string[]): void {
    for (const one of commands) must("nsenter", ["-t", String(this.box(name).pid), "-n", "ip", ...one.split(" ")]);
  }

  async #connect(): Promise<void> {
    const words = [
      path.join(here, "standin/qrexec_dom0.py"),
      path.join(here, "../policy/evaluate.py"),
      this.worldFile,
      this.policies,
    ];
    this.#qrexec = spawn("python3", ["-IB", ...words], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(this.#qrexec, "exit").then(() => Promise.reject(new Error("no qrexec")));
    await Promise.race([once(this.#qrexec.stdout as NodeJS.ReadableStream, "data"), ended]);
    ended.catch(() => {});
  }

  async stop(): Promise<void> {
    this.#qrexec?.stdin?.end();
    this.#qrexec?.kill("SIGKILL");
    await Promise.all([...this.boxes.values()].map((box) => box.stop()));
    this.remove();
  }
}

function must(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
}
