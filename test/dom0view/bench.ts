// SPDX-License-Identifier: GPL-3.0-or-later
/** A stand-in dom0 for the commands `plan` and `doctor`: a tree unpacked, installed by its install.sh and applied by the real Salt. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { publish } from "../../src/io/publish.ts";
import { compiled, project } from "../compiled.ts";
import type { Salt } from "../salts/salts.ts";

const sandbox = path.join(project, "test/sandbox.sh");
const enter = path.join(project, "test/dom0/enter.py");
const WORLD = "run/dom0-standin/world.json";

/** A stored world, to be changed. */
export interface Held {
  klass: string;
  properties: Record<string, unknown>;
  tags: string[];
  features: Record<string, string>;
  firewall: string[];
  volumes: Record<string, Record<string, unknown>>;
  power_state: string;
}
export interface Dom0World {
  qubes: Record<string, Held>;
  globals: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A machine with a tree of this topology in /tmp/tree. */
export class Machine {
  readonly state: string;
  readonly names: readonly string[];
  readonly release: string;
  readonly #salt: Salt;

  constructor(text: string, salt: Salt) {
    this.#salt = salt;
    this.state = mkdtempSync(path.join(tmpdir(), "dom0view-"));
    this.release = compiled(text).model.platform.qubes;
    this.names = this.unpack(text, "tree");
    mkdirSync(this.host("/var/lib"), { recursive: true });
    this.sh("true", "--fresh");
  }

  /** Lays a topology's tree below /tmp; its own names. */
  unpack(text: string, folder: string): string[] {
    const { tree, model } = compiled(text);
    publish(tree, this.host(`/tmp/${folder}`));
    return [...model.qubes, ...model.templates.filter((one) => one.clone)].map(({ name }) => name);
  }

  /** A path of the machine's, as this machine has it. */
  host(inside: string): string {
    return path.join(this.state, inside);
  }

  /** Types a command in dom0, as root. */
  sh(command: string, ...options: readonly string[]): Ran {
    const own = ["--own", this.names?.join(",") ?? "", "--release", this.release, ...options];
    const words = [sandbox, this.state, this.#salt.python, enter, ...own, "sh", "-c", `cd /tmp/tree && ${command}`];
    const { status, stdout, stderr } = spawnSync("sh", words, { encoding: "utf8", maxBuffer: 1 << 26 });
    return { code: status, out: stdout, err: stderr };
  }

  /** The same as the ordinary user, who may read little of /var and /srv. */
  asUser(command: string): Ran {
    return this.sh(`exec setpriv --reuid=65534 --regid=65534 --clear-groups sh -c '${command}'`);
  }

  install(folder = "tree"): void {
    const done = this.sh(`sh /tmp/${folder}/install.sh`);
    if (done.code !== 0) throw new Error(done.err);
  }

  /** What Salt said of dom0; throws if a state failed. */
  apply(): string {
    const done = this.sh("qubesctl --dom0-only state.apply");
    if (!done.out.includes("\nFailed: 0")) throw new Error(done.out + done.err);
    return done.out;
  }

  world(): Dom0World {
    return JSON.parse(readFileSync(this.host(WORLD), "utf8")) as Dom0World;
  }

  change(edit: (world: Dom0World) => void): void {
    const world = this.world();
    edit(world);
    writeFileSync(this.host(WORLD), JSON.stringify(world));
  }

  /** Everything of the machine that a command could write, with contents and times. */
  snapshot(): Record<string, string> {
    const seen: Record<string, string> = {};
    const walk = (folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const at = path.join(folder, entry.name);
        const about = entry.isSymbolicLink() ? undefined : statSync(at);
        // Programs of the stand-in keep their compiled Python there; only findings begin anew with each command.
        if (/\/run\/dom0-standin\/(pycache|bin|findings)/.test(at)) continue;
        seen[at.slice(this.state.length)] = about?.isFile()
          ? `${about.mode} ${readFileSync(at, "latin1")}`
          : `${about?.mode}`;
        if (entry.isDirectory()) walk(at);
      }
    };
    for (const top of ["etc/qubes", "etc/salt/minion.d", "srv", "var/lib", "tmp", "home", "root"]) walk(this.host(top));
    seen["world"] = readFileSync(this.host(WORLD), "utf8");
    return seen;
  }

  findings(): string {
    return readFileSync(this.host("run/dom0-standin/findings"), "utf8");
  }

  /** Remembers the machine as it is, owners and modes too, to come back to it. */
  keep(): () => void {
    const kept = `${this.state}.kept`;
    const copy = (from: string, to: string) => {
      for (const part of ["etc", "srv", "var/lib", WORLD]) {
        rmSync(path.join(to, part), { recursive: true, force: true });
        mkdirSync(path.dirname(path.join(to, part)), { recursive: true });
        const { status, stderr } = spawnSync("cp", ["-a", path.join(from, part), path.join(to, part)], {
          encoding: "utf8",
        });
        if (status !== 0) throw new Error(stderr);
      }
    };
    copy(this.state, kept);
    return () => copy(kept, this.state);
  }

  gone(): void {
    for (const folder of [this.state, `${this.state}.kept`]) rmSync(folder, { recursive: true, force: true });
  }
}

interface Change {
  readonly machine: string;
  readonly kind: string;
  readonly what: string;
  readonly old: string;
  readonly new: string;
  readonly effect: string;
}

/** What `plan --format json` says. */
export interface Plan {
  readonly in_force: { readonly state: string };
  readonly clashes: readonly { readonly name: string; readonly what: string; readonly certain: boolean }[];
  readonly obstacles: readonly { readonly machine: string; readonly what: string; readonly fix: string }[];
  readonly changes: readonly Change[];
  readonly policy_diffs: Readonly<Record<string, readonly string[]>>;
  readonly files: Readonly<Record<string, readonly { readonly sign: string; readonly path: string }[]>>;
  readonly files_unknown: string | null;
  readonly left_alone: readonly string[];
  readonly running_templates: readonly string[];
  readonly commands: readonly string[];
  readonly starts: readonly string[];
  readonly starts_and_keeps: readonly string[];
  readonly restarts: Readonly<Record<string, readonly string[]>>;
}

/** `plan` as root, as data; that it wrote nothing is looked at each time. */
export function planned(dom0: Machine, words = ""): Plan & { readonly code: number | null } {
  const before = readFileSync(dom0.host(WORLD), "utf8");
  const { code, out, err } = dom0.sh(`./plan --format json ${words}`);
  if (err !== "" || dom0.findings() !== "") throw new Error(`${err}${dom0.findings()}`);
  if (readFileSync(dom0.host(WORLD), "utf8") !== before) throw new Error("plan changed the world");
  return { ...(JSON.parse(out) as Plan), code };
}
