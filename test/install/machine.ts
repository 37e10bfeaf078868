// SPDX-License-Identifier: GPL-3.0-or-later
/** A dom0 to install into: a private root (test/sandbox.sh) with the stand-in qubesctl on its PATH. */
import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantTree, type TreeOptions } from "./tree.ts";

const project = new URL("../..", import.meta.url).pathname;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a terminal showed, and how the command at it ended. */
interface Typed {
  readonly code: number;
  readonly shown: string;
}

export class Machine {
  /** In memory where there is such a place: an install syncs some forty times, and many run at once here. */
  readonly state = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "install-"));

  constructor() {
    mkdirSync(this.host("/etc/salt/minion.d"), { recursive: true });
    writeFileSync(this.host("/etc/salt/minion.d/f_defaults.conf"), "file_roots:\n  base:\n    - /srv/salt\n");
    writeFileSync(this.host("/etc/qubes-release"), "Qubes release 4.3 (R4.3)\n");
    mkdirSync(this.host("/srv/salt"), { recursive: true });
    mkdirSync(this.host("/var/lib"), { recursive: true });
    mkdirSync(this.host("/tmp"), { recursive: true });
  }

  /** Where the machine's own path lies on this host. Its links are absolute: only `run` follows them rightly. */
  host(path: string): string {
    return join(this.state, path);
  }

  /** Unpacks a tree at a path of the machine. */
  unpack(path: string, version: string, options?: TreeOptions): string {
    return plantTree(this.host(path), version, options);
  }

  /** Runs a shell script inside; `$1` and on are the arguments. */
  run(script: string, ...args: string[]): Promise<Ran> {
    const path = `${project}/test/install/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    const inside = ["env", "-i", `PATH=${path}`, "sh", "-c", `cd /tmp; ${script}`, "test", ...args];
    const child = spawn("sh", [`${project}/test/sandbox.sh`, this.state, ...inside], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Promise((resolve, reject) => {
      let out = "";
      let err = "";
      child.stdout.on("data", (data) => (out += data));
      child.stderr.on("data", (data) => (err += data));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? -1, out, err }));
    });
  }

  /** Runs a shell script at a terminal: waits for each text, then types what belongs to it (typing.py). */
  async type(script: string, answers: readonly (readonly [seen: string, typed: string])[]): Promise<Typed> {
    const typing = `${project}/test/install/typing.py`;
    const ran = await this.run(
      'typing=$1; script=$2; shift 2; "$typing" sh -c "$script" -- "$@"',
      typing,
      script,
      ...answers.flat(),
    );
    if (ran.code !== 0) throw new Error(ran.err);
    return JSON.parse(ran.out) as Typed;
  }

  /** Installs the tree that was unpacked at a path. */
  install(path: string): Promise<Ran> {
    return this.run('"$1/install.sh"', path);
  }

  /** Everything that an installer could have touched, with the marks of any write: inode, time of change, mode, owner, target. */
  snapshot(): string[] {
    const lines: string[] = [];
    const walk = (path: string) => {
      const at = lstatSync(this.host(path), { bigint: true });
      const target = at.isSymbolicLink() ? ` -> ${readlinkSync(this.host(path))}` : "";
      lines.push(`${path} ${at.ino} ${at.ctimeNs} ${at.mode.toString(8)} ${at.uid}:${at.gid}${target}`);
      if (at.isDirectory()) for (const name of readdirSync(this.host(path)).toSorted()) walk(join(path, name));
    };
    for (const top of ["/etc/salt", "/srv", "/var/lib"]) walk(top);
    return lines;
  }

  /** Below /srv and /var/lib, by name: whatever a cut or failed run left lying about. */
  leftovers(): string[] {
    return this.snapshot()
      .map((line) => line.slice(0, line.indexOf(" ")))
      .filter((path) => /\/\.(stage|[^/]*\.new)$/.test(path));
  }

  remove(): void {
    rmSync(this.state, { recursive: true, force: true });
  }
}
