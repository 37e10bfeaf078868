// SPDX-License-Identifier: GPL-3.0-or-later
/** Debian in a container with systemd as PID 1: booted by boot.sh from a base that base.sh made, and gone with whoever started it. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { has } from "../judges.ts";

const here = import.meta.dirname;
const cache = path.resolve(here, "../../.cache");
/** How long a boot, or a command without a time of its own, may take. */
const patience = 60_000;
let booted = 0;

/** Whonix 17 is made of the first, Whonix 18 of the second. */
export const suites = ["bookworm", "trixie"] as const;
export type Suite = (typeof suites)[number];

/** What a container has from the start: a file, of root and readable to all unless told otherwise, or a symlink. */
export type Content =
  | { readonly text: string; readonly mode?: number }
  | { readonly link: string }
  /** A file of this machine. */
  | { readonly copy: string };

export interface Options {
  readonly suite: Suite;
  /** Packages of its base beyond those of all: a base of its own by this name. */
  readonly base?: { readonly name: string; readonly packages: readonly string[] };
  readonly files?: ReadonlyMap<string, Content>;
  /** Shell commands, run in it as root before it boots. */
  readonly before?: readonly string[];
  /** What it stands on, as boot.sh takes it; without it the suite's own base. */
  readonly lower?: string;
  /** Options of systemd-nspawn, as boot.sh takes them. */
  readonly options?: readonly string[];
  /** A folder for what was written in it, once it has powered itself off. */
  readonly keep?: string;
  /** Is given the host's number of its PID 1 before its systemd has started much. */
  readonly early?: (pid: number) => Promise<void>;
  /** A command that ends when it is up; without it, systemd's own word counts. */
  readonly up?: string;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Box {
  /** Its PID 1, as this machine counts. */
  readonly pid: number;
  /** Runs a shell command as root. */
  run(command: string, timeout?: number): Promise<Ran>;
  /** The standard output of a command that must succeed. */
  out(command: string, timeout?: number): Promise<string>;
  stop(): Promise<void>;
  /** Powers it off as its own systemd does, and takes it away if that lasts too long. Whether it ended by itself. */
  powerOff(patience?: number): Promise<boolean>;
  /** Resolves when it is gone, for whatever reason. */
  readonly gone: Promise<unknown>;
}

/** Why no container can be booted here; nothing if one can. */
export function whyNoContainer(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root for containers";
  const missing = ["flock", "mmdebstrap", "nsenter", "setpriv", "systemd-nspawn", "unshare"].filter((one) => !has(one));
  if (missing.length > 0) return `${missing.join(", ")} not installed`;
  const unshare = ["--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc", "true"];
  if (spawnSync("unshare", unshare).status !== 0) return "private namespaces are refused here";
  // In a container that may not make cgroups, systemd could not either.
  const group = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"].find((one) => existsSync(path.join(one, "cgroup.procs")));
  if (group === undefined) return "no cgroups here";
  const probe = path.join(group, `qwbtc-probe-${process.pid}`);
  const made = spawnSync("sh", ["-c", 'mkdir "$1" && rmdir "$1"', "probe", probe]);
  return made.status === 0 ? undefined : "cgroups are read-only here";
}

/** Boots a container for the work, and takes it away however the work ends. */
export async function withContainer<T>(options: Options, work: (box: Box) => Promise<T>): Promise<T> {
  const box = await boot(options);
  try {
    return await work(box);
  } finally {
    await box.stop();
  }
}

/** Boots a container and waits until it is up; for tests that share one. Whoever calls this calls `stop`. */
export async function boot({ suite, base: own, files = new Map(), before = [], ...more }: Options): Promise<Box> {
  const base = more.lower ?? (await baseOf(suite, own));
  // boot.sh removes it.
  const staged = mkdtempSync(path.join(tmpdir(), "container-"));
  await stage(staged, files, before);
  // Detached, so that an interrupt at the terminal leaves it the time to clean up; the end of its standard input tells it.
  const name = `qwbtc-box-${process.pid}-${(booted += 1)}`;
  const words = [path.join(here, "boot.sh"), name, base, staged, ...(more.options ?? [])];
  const keeper = spawn("sh", words, { detached: true, env: { ...process.env, keep: more.keep ?? "" } });
  const ended = once(keeper, "close");
  let said = "";
  let pid = 0;
  keeper.stdout.on("data", (data: Buffer) => (pid ||= Number(data)));
  keeper.stderr.on("data", (data: Buffer) => (said += data));
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  try {
    const init = await waitFor(() => pid !== 0 && initBelow(pid), `a container's PID 1 (${suite})`, keeper);
    await more.early?.(init);
    const up = path.join("/proc", String(init), "root/run/systemd/private");
    await waitFor(() => existsSync(up), `systemd in a container (${suite})`, keeper);
    const box = boxOf(init, stop, ended);
    // Its status says whether something failed, which is the test's to judge.
    await box.run(more.up ?? "systemctl is-system-running --wait");
    return box;
  } catch (error) {
    await stop();
    throw new Error(`${String(error)}\n${said}`, { cause: error });
  }
}

/** The base, made on the first call of all; others wait for it. */
export async function baseOf(suite: Suite, own?: Options["base"]): Promise<string> {
  const base = path.join(cache, `container-${suite}${own ? `-${own.name}` : ""}`);
  const words = [path.join(here, "base.sh"), suite, base, ...(own ? [own.packages.join(",")] : [])];
  await promisify(execFile)("sh", words, { maxBuffer: 1 << 26 });
  return base;
}

async function stage(folder: string, files: ReadonlyMap<string, Content>, before: readonly string[]): Promise<void> {
  await mkdir(path.join(folder, "root"));
  for (const [name, content] of files) {
    const target = path.join(folder, "root", name);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    if ("link" in content) await symlink(content.link, target);
    else if ("copy" in content) await copyFile(content.copy, target);
    else await writeFile(target, content.text, { mode: content.mode ?? 0o644 });
  }
  if (before.length > 0) await writeFile(path.join(folder, "before"), before.join("\n"));
}

/** The process that is PID 1 two namespaces below: boot.sh's own is the first. */
function initBelow(pid: number, depth = depthOf(pid) + 2): number | undefined {
  if (depthOf(pid) === depth) return pid;
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").map(Number).filter(Boolean);
  for (const child of children) {
    const found = initBelow(child, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function depthOf(pid: number): number {
  return (
    /^NSpid:(.*)$/m
      .exec(read(`/proc/${pid}/status`))?.[1]
      ?.trim()
      .split(/\s+/).length ?? 0
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // It has just ended.
  }
}

async function waitFor<T>(
  look: () => T,
  what: string,
  keeper: { readonly exitCode: number | null },
): Promise<NonNullable<Exclude<T, false>>> {
  for (const until = Date.now() + patience; Date.now() < until; await sleep(20)) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<Exclude<T, false>>;
    if (keeper.exitCode !== null) break;
  }
  throw new Error(`no ${what}`);
}

function boxOf(init: number, stop: () => Promise<void>, gone: Promise<unknown>): Box {
  const clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"];
  const run = (command: string, timeout = patience) =>
    new Promise<Ran>((done) => {
      const words = ["-t", String(init), "-a", ...clean, "sh", "-c", command];
      const child = execFile(
        "nsenter",
        words,
        { timeout, killSignal: "SIGKILL", maxBuffer: 1 << 26 },
        (_error, stdout, stderr) => done({ status: child.exitCode, stdout, stderr }),
      );
    });
  const out = async (command: string, timeout?: number) => {
    const { status, stdout, stderr } = await run(command, timeout);
    if (status !== 0) throw new Error(`${command}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  };
  const powerOff = async (most = patience) => {
    // systemd(1): SIGRTMIN+4 is `systemctl poweroff`, without a process of ours in the container that it would wait for.
    execFile("kill", ["-s", "RTMIN+4", String(init)], () => {});
    const timer = new AbortController();
    const late = sleep(most, "late", { signal: timer.signal }).catch(() => {});
    const first = await Promise.race([gone, late]);
    timer.abort();
    if (first === "late") await stop();
    return first !== "late";
  };
  return { run, out, stop, powerOff, pid: init, gone };
}
