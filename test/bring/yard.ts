// SPDX-License-Identifier: GPL-3.0-or-later
/** A qube's folders, as far as the script that brings programs knows them, below a folder of the test's own. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import tool from "../../formulas/every-qube/bring-program.py";
import type { Recipe, WantedFile } from "../../src/software/recipe.ts";

/** A sha256 in hex. */
export const digest = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

/** What a member of a tar is, for Python's tarfile. */
export interface Member {
  readonly name: string;
  readonly text?: string;
  readonly mode?: number;
  /** A symlink or a hard link to this. */
  readonly link?: string;
  readonly hard?: string;
  readonly kind?: "fifo" | "device" | "dir";
}

const packer = `
import gzip, io, json, sys, tarfile
plain = io.BytesIO()
members = json.load(sys.stdin)
with tarfile.open(fileobj=plain, mode="w") as archive:
    for one in members:
        info = tarfile.TarInfo(one["name"])
        info.mode = one.get("mode", 0o644)
        data = one.get("text", "").encode()
        if "link" in one: info.type, info.linkname = tarfile.SYMTYPE, one["link"]
        elif "hard" in one: info.type, info.linkname = tarfile.LNKTYPE, one["hard"]
        elif one.get("kind") == "fifo": info.type = tarfile.FIFOTYPE
        elif one.get("kind") == "device": info.type = tarfile.CHRTYPE
        elif one.get("kind") == "dir": info.type = tarfile.DIRTYPE
        else: info.size = len(data)
        info.uid, info.gid, info.uname = 1234, 1234, "somebody"
        archive.addfile(info, io.BytesIO(data) if info.isreg() else None)
# The same bytes each time: no time of day in the head.
sys.stdout.buffer.write(gzip.compress(plain.getvalue(), mtime=0))
`;

/** A tar, by the very library that reads it. */
export function tar(members: readonly Member[]): Buffer {
  return execFileSync("python3", ["-c", packer], { input: JSON.stringify(members), maxBuffer: 1 << 28 });
}

/** A release of the program `daemon`: what its `bin/daemon` says is its version. */
export function release(version: string, more: readonly Member[] = []): Buffer {
  const root = `daemon-${version}`;
  return tar([
    { name: `${root}/bin/daemon`, text: `#!/bin/sh\necho ${version}\n`, mode: 0o755 },
    { name: `${root}/share/README`, text: `This is ${version}.\n` },
    ...more.map((one) => ({ ...one, name: one.name.startsWith("/") ? one.name : `${root}/${one.name}` })),
  ]);
}

/** How a round ended. */
export interface Ran {
  readonly status: number | null;
  readonly said: string;
}

const scripts = mkdtempSync(path.join(tmpdir(), "bring-program-"));
const script = path.join(scripts, "bring-program");
writeFileSync(script, tool, { mode: 0o755 });
process.once("exit", () => rmSync(scripts, { recursive: true, force: true }));

/** One qube. */
export class Yard {
  readonly root = mkdtempSync(path.join(tmpdir(), "yard-"));
  readonly folder = path.join(this.root, "usr/local/lib/qwbtc-salt/daemon");

  constructor() {
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(path.join(this.root, "home/user/QubesIncoming"), { recursive: true });
  }

  at(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Writes the recipe of a version of `daemon`. */
  recipe(version: string, pin: Omit<WantedFile, "file">, more: Partial<Recipe> = {}): string {
    const file = `daemon-${version}-linux.tar.gz`;
    const recipe: Recipe = {
      format: 1,
      program: "Daemon",
      slug: "daemon",
      version,
      folder: "/usr/local/lib/qwbtc-salt/daemon",
      needed: "bin/daemon",
      unit: null,
      artifacts: { any: { file, ...pin } },
      more: [],
      keys: [],
      urls: {},
      proxy: null,
      unpack: { kind: "tar", strip: 1 },
      finish: null,
      crossings: [],
      ...more,
    };
    writeFileSync(this.at("recipe.json"), JSON.stringify(recipe));
    return file;
  }

  /** Where files of another qube land. */
  incoming(from = "downloader"): string {
    const folder = path.join(this.root, "home/user/QubesIncoming", from);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  send(files: Readonly<Record<string, Buffer | string>>, from?: string): void {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(this.incoming(from), name), bytes);
  }

  /** Writes the recipe of a version and sends its file, as it comes in the ordinary way. */
  bring(version: string, more: Partial<Recipe> = {}, bytes = release(version)): void {
    const file = this.recipe(version, { sha256: digest(bytes) }, more);
    this.send({ [file]: bytes });
  }

  run(...words: string[]): Ran {
    return this.runAfter(":", ...words);
  }

  /** Runs it after a command of the shell: `umask` or `ulimit`, say. */
  runAfter(shell: string, ...words: string[]): Ran {
    const command = ["-c", `${shell}; exec python3 "$@"`, "sh", script, "--root", this.root, ...words];
    const { status, stdout, stderr } = spawnSync("sh", command, { encoding: "utf8", timeout: 60_000 });
    return { status, said: `${stdout}${stderr}` };
  }

  /** Starts it and does not wait. */
  start(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return spawn("python3", [script, "--root", this.root, ...words], {
      stdio: "ignore",
      env: { ...process.env, ...env },
    });
  }

  /** The version in use, by what the program itself says; undefined if none is. */
  inUse(): string | undefined {
    const current = this.at("current");
    if (!existsSync(path.join(current, "bin/daemon"))) return undefined;
    const said = readFileSync(path.join(current, "bin/daemon"), "utf8").match(/echo (\S+)/)?.[1];
    return said === readlinkSync(current) ? said : `${readlinkSync(current)} says ${said}`;
  }

  /** What the note in a version says. */
  noteOf(version: string): string {
    return readFileSync(this.at(version, "note"), "utf8");
  }

  /** What was refused, and why. */
  refused(): Record<string, string> {
    const folder = this.at("refused");
    const names = existsSync(folder) ? readdirSync(folder).filter((one) => one.endsWith(".why")) : [];
    return Object.fromEntries(
      names.map((one) => [
        one.replace(/\.[0-9a-f]{12}\.why$/, ""),
        readFileSync(path.join(folder, one), "utf8").trim(),
      ]),
    );
  }

  /** What still lies where files arrive. */
  left(from?: string): string[] {
    return readdirSync(this.incoming(from)).toSorted();
  }

  /** Everything below the program's folder that is in a place of its own: nothing half-made may be among it. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((one) => one.startsWith(".stage") || one === ".current");
  }

  mode(name: string): string {
    return (lstatSync(this.at(name)).mode & 0o7777).toString(8);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A qube for one test. */
export function withYard<T>(work: (yard: Yard) => T): T {
  const yard = new Yard();
  try {
    return work(yard);
  } finally {
    yard.remove();
  }
}
