// SPDX-License-Identifier: GPL-3.0-or-later
/** `verify` on a tree that lies on a disk, and how the command behaves as a program. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { verify as command } from "../src/commands/verify.ts";
import { publish } from "../src/io/publish.ts";
import { cli, compiled, topology } from "./compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "verify-tree-"));
afterAll(() => rmSync(base, { recursive: true }));
const { tree } = compiled(topology());
let count = 0;

function planted(): string {
  const folder = path.join(base, String(++count));
  publish(tree, folder);
  return folder;
}

function verify(folder: string) {
  let out = "";
  const terminal = { out: (text: string) => (out += text), err: () => undefined, paint: (text: string) => text };
  const status = command(folder, { format: "json" }, terminal);
  const { diagnostics } = JSON.parse(out) as { diagnostics: { code: string; say: string }[] };
  return { status, codes: diagnostics.map(({ code }) => code) };
}

const HARMS: [what: string, codes: string[], harm: (at: (file: string) => string) => void][] = [
  ["a file more", ["QB927"], (at) => writeFileSync(at("notes.txt"), "mine")],
  ["a hidden file more", ["QB927"], (at) => writeFileSync(at("srv/.swp"), "mine")],
  ["an empty folder more", ["QB923"], (at) => mkdirSync(at("srv/more"))],
  ["a file less", ["QB927"], (at) => rmSync(at("start"))],
  ["an edited file", ["QB928"], (at) => writeFileSync(at("README.md"), "mine")],
  [
    "a link in the place of a file",
    ["QB923", "QB927"],
    (at) => (renameSync(at("start"), `${base}/moved`), symlinkSync(`${base}/moved`, at("start"))),
  ],
  ["a link to a folder", ["QB923"], (at) => symlinkSync("/etc", at("srv/etc"))],
  ["a dangling link", ["QB923"], (at) => symlinkSync("/nowhere", at("zlink"))],
  ["a link that leads to itself", ["QB923"], (at) => symlinkSync("zloop", at("zloop"))],
  ["a pipe", ["QB923"], (at) => void spawnSync("mkfifo", [at("zpipe")])],
  [
    "a pipe in the place of a file",
    ["QB923", "QB927"],
    (at) => (rmSync(at("start")), void spawnSync("mkfifo", [at("start")])),
  ],
  ["a folder in the place of a file", ["QB923", "QB927"], (at) => (rmSync(at("start")), mkdirSync(at("start")))],
  ["a script that cannot be run", ["QB929"], (at) => chmodSync(at("start"), 0o644)],
  ["a file that all can write", ["QB929"], (at) => chmodSync(at("README.md"), 0o666)],
  ["a setuid script", ["QB929"], (at) => chmodSync(at("start"), 0o4755)],
  ["a name with blanks and a line break", ["QB924"], (at) => writeFileSync(at("a b\nc"), "x")],
  [
    "a name that is no UTF-8",
    ["QB924"],
    (at) => writeFileSync(Buffer.concat([Buffer.from(at("z")), Buffer.from([0xff])]), "x"),
  ],
  [
    "a file that fills no disk and no memory",
    ["QB923"],
    (at) => (writeFileSync(at("zhuge"), ""), truncateSync(at("zhuge"), 2 ** 42)),
  ],
];

describe("verify, of a tree", () => {
  it("passes one that was built", () => {
    expect(verify(planted())).toEqual({ status: 0, codes: [] });
  });

  it.each(HARMS)("refuses %s", (_what, codes, harm) => {
    const folder = planted();
    harm((file) => path.join(folder, file));
    expect(verify(folder)).toEqual({ status: 1, codes });
  });
});

describe("the command", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli, "verify", ...args], { cwd: base, encoding: "utf8" });

  it("says what it found, and of a tree without a digest what that does not prove", () => {
    const whole = run(planted());
    expect(whole).toMatchObject({ status: 0, stderr: "" });
    expect(whole.stdout).toMatch(
      /is a whole tree of formula qwbtc: \d+ files, made by qwbtc-salt [\d.]+\nDigest of SHA256SUMS: [0-9a-f]{64}\n.*does not say who made it/,
    );
    const empty = path.join(base, "empty");
    mkdirSync(empty);
    expect(run(empty)).toMatchObject({ status: 1, stdout: "" });
  });

  it("exits with 2 where it cannot read, and never waits for a pipe", () => {
    const absent = run("absent.tar");
    expect(absent.status).toBe(2);
    expect(absent.stderr).toMatch(/QB936.*cannot read absent\.tar: it does not exist/);
    spawnSync("mkfifo", [path.join(base, "pipe.tar")]);
    expect(run("pipe.tar").stderr).toContain("QB921");
    expect(run("/dev/zero").stderr).toContain("QB921");
    expect(run()).toMatchObject({ status: 2 });
  });
});
