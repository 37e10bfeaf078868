// SPDX-License-Identifier: GPL-3.0-or-later
/** A stand-in dom0 in which a system was installed by its own install.sh and applied; copies of it to take apart. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { publish } from "../../src/io/publish.ts";
import { compiled } from "../compiled.ts";
import type { World } from "../dom0/dom0.ts";
import { writePillar } from "../pillar.ts";
import type { Salt } from "../salts/salts.ts";

const here = import.meta.dirname;
const sandbox = path.join(here, "../sandbox.sh");
const enter = path.join(here, "../dom0/enter.py");
const terminal = path.join(here, "at-terminal.py");
const base = mkdtempSync(path.join(tmpdir(), "leave-"));

/** Takes all machines away. */
export function removeMachines(): void {
  rmSync(base, { recursive: true, force: true });
}

export class Machine {
  readonly state: string;
  readonly #salt: Salt;
  readonly #own: string;

  constructor(name: string, salt: Salt, own: string) {
    this.state = path.join(base, name);
    this.#salt = salt;
    this.#own = own;
  }

  /** Runs a shell script in dom0, in the unpacked tree. */
  run(script: string, ...args: string[]) {
    const words = [
      sandbox,
      this.state,
      this.#salt.python,
      enter,
      "--own",
      this.#own,
      "sh",
      "-c",
      `cd /tmp/tree && ${script}`,
      "sh",
      ...args,
    ];
    const { status, stdout, stderr } = spawnSync("sh", words, { encoding: "utf8", timeout: 580_000 });
    return { status, out: stdout, err: stderr };
  }

  /** Runs it at a terminal, where these answers are typed. */
  asked(command: string, ...answers: string[]) {
    return this.run(`python3 -I "$1" "$2" ${command}`, terminal, answers.join("\n"));
  }

  host(file: string): string {
    return path.join(this.state, file);
  }

  world(): World {
    return JSON.parse(readFileSync(this.host("run/dom0-standin/world.json"), "utf8")) as World;
  }

  /** The qubes that bear the formula's tag. */
  tagged(): string[] {
    return Object.entries(this.world().qubes).flatMap(([name, { tags }]) => (tags.includes("qwbtc") ? [name] : []));
  }

  /** Every file and link below the places that a formula touches, and every folder without anything in it. */
  files(): string[] {
    const found: string[] = [];
    const walk = (at: string) => {
      if (!existsSync(this.host(at))) return;
      for (const entry of readdirSync(this.host(at), { withFileTypes: true })) {
        const full = `${at}/${entry.name}`;
        if (entry.isDirectory()) walk(full);
        else found.push(full);
      }
    };
    for (const top of ["etc/salt", "etc/qubes", "etc/systemd/system", "srv", "var/lib"]) walk(top);
    return found.map((one) => `/${one}`).toSorted();
  }

  copy(name: string): Machine {
    const other = new Machine(name, this.#salt, this.#own);
    const { status, stderr } = spawnSync("cp", ["-a", this.state, other.state], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return other;
  }
}

/** A machine with a system that was installed and applied, its pillar by the user's hand; and what it looked like before. */
export function applied(name: string, text: string, salt: Salt) {
  const { tree, model } = compiled(text);
  const machine = new Machine(name, salt, model.qubes.map((one) => one.name).join(","));
  publish(tree, machine.host("tmp/tree"));
  mkdirSync(machine.host("var/lib"), { recursive: true });
  if (machine.run("true").status !== 0) throw new Error("no stand-in dom0");
  const before = { files: machine.files(), qubes: Object.keys(machine.world().qubes) };
  const install = machine.run("./install.sh");
  if (install.status !== 0) throw new Error(install.err);
  writePillar(model, `${machine.state}-pillar`);
  cpSync(`${machine.state}-pillar`, machine.host("srv/pillar/base/qwbtc"), { recursive: true });
  const apply = machine.run("qubesctl top.enable qwbtc pillar=True && qubesctl --all state.apply");
  if (apply.status !== 0) throw new Error(apply.out + apply.err);
  return { machine, before, model };
}

/** The stored version: a folder named by its digest. */
export function stored(machine: Machine): string {
  const store = "/var/lib/qwbtc-salt/qwbtc";
  const [digest = ""] = readdirSync(machine.host(store)).filter(
    (one) => statSync(machine.host(`${store}/${one}`)).isDirectory() && /^[0-9a-f]{64}$/.test(one),
  );
  return `${store}/${digest}`;
}
