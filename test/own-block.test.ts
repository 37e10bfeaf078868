// SPDX-License-Identifier: GPL-3.0-or-later
/** The command that keeps a line of ours in a user's file: what else stands there stays, byte for byte. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const tool = path.resolve(import.meta.dirname, "../formulas/every-qube/own-block.py");
const LINE = "if [ -r /x ]; then . /x; fi";
const BLOCK = `# qwbtc-salt: begin\n${LINE}\n# qwbtc-salt: end\n`;
let home = "";
const at = (file: string) => path.join(home, file);
const run = (...words: string[]) => spawnSync("python3", [tool, ...words], { encoding: "utf8" });
beforeEach(() => (home = mkdtempSync(path.join(tmpdir(), "own-block-"))));
afterEach(() => rmSync(home, { recursive: true }));

it.each([
  ["a file without it", "alias a=b\n", `alias a=b\n${BLOCK}`],
  ["a file without a line break at its end", "alias a=b", `alias a=b\n${BLOCK}`],
  ["an empty file", "", BLOCK],
  ["bytes of no known text", "\xff\xfe\r\n", `\xff\xfe\r\n${BLOCK}`],
  ["an older line of ours", `a\n${BLOCK.replace("/x", "/old")}b`, `a\n${BLOCK}b`],
  ["an emptied block", "a\n# qwbtc-salt: begin\n# qwbtc-salt: end\n\nb\n", `a\n${BLOCK}\nb\n`],
])("%s: the line is there once, and a second run changes nothing", (_what, before, after) => {
  writeFileSync(at("f"), before, "latin1");
  chmodSync(at("f"), 0o640);
  expect(run("--check", at("f"), LINE).status).toBe(1);
  expect(readFileSync(at("f"), "latin1")).toBe(before);
  expect(run(at("f"), LINE)).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(at("f"), "latin1")).toBe(after);
  expect(statSync(at("f")).mode & 0o777).toBe(0o640);
  expect(run("--check", at("f"), LINE).status).toBe(0);
  expect(run(at("f"), LINE)).toMatchObject({ status: 0, stdout: "" });
  expect(readdirSync(home)).toEqual(["f"]);
});

it("a file that is missing is made; a link of the user's stays one", () => {
  mkdirSync(at("dotfiles"));
  symlinkSync("dotfiles/f", at("f"));
  expect(run("--check", at("f"), LINE).status).toBe(1);
  expect(run(at("f"), LINE).status).toBe(0);
  expect(lstatSync(at("f")).isSymbolicLink()).toBe(true);
  expect(readFileSync(at("dotfiles/f"), "utf8")).toBe(BLOCK);
  expect(statSync(at("f")).mode & 0o777).toBe(0o644);
});

it.each([
  ["a mark without the other", "a\n# qwbtc-salt: begin\nb\n"],
  ["two blocks", BLOCK + BLOCK],
  ["marks the wrong way round", "# qwbtc-salt: end\n# qwbtc-salt: begin\n"],
])("%s is the user's to look at: nothing is written", (_what, text) => {
  writeFileSync(at("f"), text);
  for (const words of [["--check"], []]) {
    const { status, stderr } = run(...words, at("f"), LINE);
    expect(status).toBe(2);
    expect(stderr).toMatch(/left as it is: .* are no pair: remove them/);
  }
  expect(readFileSync(at("f"), "utf8")).toBe(text);
});

it("what is no file is left alone, and said without a trace", () => {
  mkdirSync(at("d"));
  spawnSync("mkfifo", [at("p")]);
  for (const file of ["d", "p", "missing/f"]) {
    const { status, stderr } = run(at(file), LINE);
    expect([file, status]).toEqual([file, 2]);
    expect(stderr).not.toContain("Traceback");
  }
  expect(existsSync(at("missing"))).toBe(false);
});
