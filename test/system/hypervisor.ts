// SPDX-License-Identifier: GPL-3.0-or-later
/** The containers of a machine: kept as its dom0 says, and asked by its dom0's programs (dom0/hypervisor.py) to apply states and to run commands. */
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { boot, type Box, type Suite } from "../container/container.ts";
import { applyIn, type Applied } from "./apply.ts";
import { inside, type Inside } from "./inside.ts";
import type { Known } from "./known.ts";
import { wire, type End, type Outside } from "./net.ts";
import { stockFiles } from "./qube.ts";
import type { Salt } from "../salts/salts.ts";
import type { Stock } from "./stock.ts";
import { Volumes } from "./volumes.ts";

interface Parts {
  readonly state: string;
  readonly known: Known;
  readonly suite: Suite;
  readonly salt: Salt;
  readonly stock: Stock;
  readonly outside: Outside;
}

interface Request {
  readonly do: "settle" | "run" | "apply";
  readonly qube: string;
  readonly user: string;
  readonly command: string;
  readonly input: string;
  readonly states: readonly string[];
  readonly test: boolean;
}

/** What is told of a container whose private volume is not in place. */
const BROKEN =
  "ls -lan /home /rw /rw/home; cat /proc/mounts; grep user /etc/passwd /etc/group; journalctl --boot --no-pager | head -n 200";

/** Why a machine that goes by a stored world could not follow it. */
type Failure = Error | undefined;

export class Hypervisor {
  /** What each apply in a qube came to, in order. */
  readonly applies: Applied[] = [];
  boots = 0;
  readonly #parts: Parts;
  readonly #boxes = new Map<string, Box>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #volumes: Volumes;
  #server: Server | undefined;
  #watch: NodeJS.Timeout | undefined;
  #failure: Failure;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#volumes = new Volumes(this.#at(), parts.stock);
  }

  /** Makes each qube's place, and follows dom0 from now on. */
  async open(serve: (qube: string) => Promise<void>): Promise<void> {
    for (const name of this.#parts.known.all()) {
      mkdirSync(this.#at("qubes", name), { recursive: true });
      await serve(name);
    }
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      let words = "";
      socket.on("error", () => {});
      socket.on("data", (data: Buffer) => {
        words += data;
        if (!words.endsWith("\n")) return;
        this.#answer(JSON.parse(words) as Request)
          .catch((error: unknown) => ({ error: String(error) }))
          .then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
      });
    });
    await new Promise<void>((done) => this.#server?.listen(this.#at("hypervisor"), done));
    let seen = 0;
    this.#watch = setInterval(() => {
      const changed = statSync(this.#parts.known.file).mtimeMs;
      if (changed === seen) return;
      seen = changed;
      this.settle().catch((error: unknown) => (this.#failure ??= error as Error));
    }, 50);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    await Promise.all([...this.#busy.values()].map((one) => one.catch(() => {})));
    await Promise.all([...this.#boxes.values()].map((box) => box.stop()));
    this.#server?.close();
  }

  /** Waits until every container is as dom0 has it. */
  async settle(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await Promise.all(this.#parts.known.all().map((name) => this.#ensure(name)));
  }

  /** The container of a qube that runs, once it is up. */
  async box(name: string): Promise<Box> {
    await this.#ensure(name);
    const box = this.#boxes.get(name);
    if (box === undefined) throw new Error(`${name} is not running`);
    return box;
  }

  /** Runs a command in a qube, as `qvm-run` does. */
  async run(name: string, command: string, { user = "user", input = "", timeout = 120_000 } = {}): Promise<Inside> {
    const box = await this.box(name);
    return inside(box.pid, user, command, input, timeout);
  }

  async #answer(request: Request): Promise<object> {
    switch (request.do) {
      case "settle":
        await this.settle();
        return {};
      case "run":
        return this.run(request.qube, request.command, { user: request.user, input: request.input, timeout: 600_000 });
      case "apply": {
        const box = await this.box(request.qube);
        const done = await applyIn(
          box,
          request.qube,
          this.#at("qubes", request.qube, "apply"),
          this.#parts.salt,
          request.states,
          request.test,
        );
        this.applies.push(done);
        return { failed: done.failed, text: done.text };
      }
    }
  }

  /** One after the other for each qube: what it is when its turn has come is what dom0 says then. */
  #ensure(name: string): Promise<void> {
    const before = this.#busy.get(name) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => this.#follow(name));
    this.#busy.set(name, turn);
    return turn;
  }

  async #follow(name: string): Promise<void> {
    if (this.#closed) return;
    const { known } = this.#parts;
    const wanted = known.runs(name);
    const box = this.#boxes.get(name);
    if (wanted && box === undefined) await this.#boot(name);
    if (!wanted && box !== undefined) {
      this.#boxes.delete(name);
      await box.powerOff(known.shutdownTimeout(name) * 1000);
      if (known.kind(name) === "template") await this.#volumes.keep(name);
    }
  }

  async #boot(name: string): Promise<void> {
    const { suite, known } = this.#parts;
    const netvm = known.netvm(name);
    if (netvm !== null && netvm !== "sys-firewall") await this.#ensure(netvm);
    const kind = known.kind(name);
    const { files, before } = stockFiles(name, kind);
    const dom0 = this.#at("qubes", name);
    for (const old of ["wired", "agent.sock"]) rmSync(path.join(dom0, old), { force: true });
    writeFileSync(path.join(dom0, "qubesdb.json"), JSON.stringify(known.told(name)));
    const options = [
      `--bind=${this.#volumes.private(name)}:/rw`,
      `--bind=${dom0}:/usr/lib/standin/dom0`,
      "--timezone=off",
    ];
    const lower = this.#volumes.root(known.template(name), kind);
    if (kind === "template")
      options.push(
        `--bind=${await this.#volumes.packages(name)}:/var/cache/apt/archives`,
        "--resolv-conf=replace-host",
      );
    else options.push("--private-network", "--resolv-conf=off");
    const box = await boot({
      suite,
      files,
      before,
      lower,
      options,
      ...(kind === "template" && { keep: this.#volumes.next(name) }),
      early: async (pid) => {
        if (kind !== "template") await this.#plug(name, netvm, pid);
        writeFileSync(path.join(dom0, "wired"), "");
      },
      // As dom0, which waits for the agent and not for what is started beside it.
      up: "until systemctl is-active -q qubes-qrexec-agent; do sleep 0.05; done",
    });
    // A stand-in that failed is no fault of what is applied to it.
    const { status } = await box.run("systemctl is-active -q qubes-mount-dirs && test -d /home/user");
    if (status !== 0) throw new Error(`${name} came up broken:\n${await box.out(BROKEN)}`);
    this.boots += 1;
    this.#boxes.set(name, box);
    void box.gone.then(async () => {
      if (this.#boxes.get(name) !== box || this.#closed) return;
      this.#boxes.delete(name);
      await tellHalted(this.#parts.state, name);
    });
    // Whoever ran on without it gets its link back.
    for (const [other, client] of this.#boxes)
      if (known.netvm(other) === name) await this.#plug(other, name, client.pid);
  }

  async #plug(name: string, netvm: string | null, pid: number): Promise<void> {
    const { known } = this.#parts;
    const qube: End = { pid, address: known.address(name), number: known.number(name) };
    if (netvm === null) return this.#parts.outside.trap(pid, qube.number);
    if (netvm === "sys-firewall") return wire({ pid: this.#parts.outside.pid, address: "10.137.0.6", number: 6 }, qube);
    const net = this.#boxes.get(netvm);
    // The net qube has been killed meanwhile; it plugs its clients in when it is back.
    if (net) await wire({ pid: net.pid, address: known.address(netvm), number: known.number(netvm) }, qube);
  }

  #at(...names: string[]): string {
    return path.join(this.#parts.state, "run/system", ...names);
  }
}

/** Waits until something holds, for so many seconds. */
export async function until(look: () => Promise<boolean> | boolean, seconds: number): Promise<boolean> {
  for (const ends = Date.now() + seconds * 1000; Date.now() < ends; await sleep(100)) if (await look()) return true;
  return false;
}

/** Tells dom0 that a qube has powered itself off. */
async function tellHalted(state: string, qube: string): Promise<void> {
  const program = path.join(import.meta.dirname, "dom0/halted.py");
  await promisify(execFile)("python3", ["-ISB", program, state, qube]);
}
