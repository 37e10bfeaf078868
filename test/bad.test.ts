// SPDX-License-Identifier: GPL-3.0-or-later
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { allMessages } from "../src/kernel/message.ts";
import { cli, findings, project } from "./compiled.ts";
import { run } from "./judges.ts";

const folder = path.join(project, "test/bad");
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const expectedOf = (text: string) => [...text.matchAll(/^# expect (QB\d+ \d+:\d+)$/gm)].map(([, one]) => one);
const scratch = mkdtempSync(path.join(tmpdir(), "bad-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("bad topologies", () => {
  it.each(files)("%s: exactly these findings, at exactly these places, in one run", (name) => {
    const text = readFileSync(path.join(folder, name), "utf8");
    expect(expectedOf(text).length, "a bad topology says what it expects").toBeGreaterThan(0);
    expect(findings(text)).toEqual(expectedOf(text));
  });

  it.each(files)("%s: the program says so without a stack trace, and writes nothing", (name) => {
    const out = path.join(scratch, name);
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, "build", path.join(folder, name), "--out", out, "--strict"],
      { encoding: "utf8" },
    );
    expect(status).toBe(1);
    expect(stderr).not.toMatch(/^\s+at (?:async )?\S+ \(|node:internal|file:\/\//m);
    expect(stderr).toMatch(/^(?:error|warning)\[QB\d+\] /m);
    expect(existsSync(out)).toBe(false);
  });

  it("between them utter every message that a topology can cause", () => {
    const uttered = new Set(
      files.flatMap((name) =>
        expectedOf(readFileSync(path.join(folder, name), "utf8")).map((one) => one?.split(" ")[0]),
      ),
    );
    // 106: a file of 4 MiB, 107: a hundred thousand brackets (both below); 9xx: the disk (publish.test.ts).
    // 607: every program that is brought is known today (software.test.ts). 7xx and 8xx: what is found in trees (test/audit).
    const elsewhere = ["QB106", "QB107", "QB607"];
    const missing = allMessages()
      .map(({ code }) => code)
      .filter((code) => !/^QB[789]/.test(code) && !uttered.has(code) && !elsewhere.includes(code));
    expect(missing).toEqual([]);
  });

  it("a file of five megabytes is refused, not read", () => {
    expect(findings(`formula: a\n${"# padding\n".repeat(500_000)}`)).toEqual(["QB106 undefined:undefined"]);
  });

  it("a hundred thousand brackets are refused with one finding", () => {
    expect(findings("[".repeat(100_000))).toEqual([expect.stringMatching(/^QB107 1:/)]);
  });

  it("a number out of bounds is named with its bound", () => {
    const text = readFileSync(path.join(folder, "memory-above-maxmem.yaml"), "utf8").replace(
      "memory: 5000",
      "memory: 50",
    );
    expect(findings(text)[0]).toBe("QB206 11:19");
  });

  it("marks the column, also in a line that is wider than a terminal", () => {
    const long = `formula: qwbtc\nplatform: { qubes: "4.3", whonix: 18 }\nqubes: { ${"aaaa: { role: whonix-gateway }, ".repeat(1)}${"b".repeat(200)}: 1 }\n`;
    const { stderr } = spawnSync(process.execPath, [cli, "check", "-"], { input: long, encoding: "utf8" });
    const lines = stderr.split("\n");
    const mark = lines.findIndex((line) => line.includes("^"));
    expect(lines[mark - 1]?.length).toBeLessThan(120);
    expect(lines[mark - 1]?.charAt(lines[mark]?.indexOf("^") ?? 0)).toBe("b");
  });

  const pty = run("script", ["-qec", "true", "/dev/null"]).status === 0;
  it.skipIf(!pty)(`colours a terminal and nothing else${pty ? "" : " (skipped: no pseudo-terminal to be had)"}`, () => {
    const command = `${process.execPath} ${cli} check ${path.join(folder, "netvm-loop.yaml")}`;
    const inTerminal = (env: NodeJS.ProcessEnv) =>
      spawnSync("script", ["-qec", command, "/dev/null"], {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], TERM: "xterm", ...env },
      }).stdout;
    expect(inTerminal({})).toContain("\u001b[31m");
    expect(inTerminal({ NO_COLOR: "1" })).not.toContain("\u001b[");
    expect(spawnSync("sh", ["-c", `${command} 2>&1`], { encoding: "utf8" }).stdout).not.toContain("\u001b[");
  });
});

it("`| head` is no error", () => {
  expect(execFileSync("sh", ["-c", `${process.execPath} ${cli} schema | head -n 1`], { encoding: "utf8" })).toBe("{\n");
});
