// SPDX-License-Identifier: GPL-3.0-or-later
/** The command `jm` of a JoinMarket wallet. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { project } from "./compiled.ts";
import { run } from "./judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "jm-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("jm", () => {
  it("runs a program by its name, and says why the others do not run here", () => {
    const root = path.join(scratch, "joinmarket");
    const script = readFileSync(path.join(project, "formulas/joinmarket-wallet/jm.sh"), "utf8").replace(
      "/usr/local/lib/qwbtc-salt/joinmarket/current",
      root,
    );
    const jm = (...words: string[]) => run("sh", ["-c", script, "jm", ...words]);
    expect(jm("wallet-tool")).toEqual({ status: 1, output: expect.stringContaining("not installed yet") as string });
    mkdirSync(path.join(root, "venv/bin"), { recursive: true });
    mkdirSync(path.join(root, "scripts"));
    writeFileSync(path.join(root, "venv/bin/python"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    expect(jm("wallet-tool")).toEqual({ status: 1, output: expect.stringContaining("for another Python") as string });
    mkdirSync(path.join(root, "venv/lib/python/site-packages"), { recursive: true });
    for (const name of ["wallet-tool", "yg-privacyenhanced", "joinmarketd", "joinmarket-qt", "receive-payjoin"])
      writeFileSync(path.join(root, `scripts/${name}.py`), "");
    expect(jm("wallet-tool", "mine.jmdat", "a b")).toEqual({
      status: 0,
      output: `${root}/scripts/wallet-tool.py mine.jmdat a b\n`,
    });
    expect(jm().output).toBe("wallet-tool\n");
    for (const [name, why] of [
      ["yg-privacyenhanced", "as a taker"],
      ["joinmarketd", "no network"],
      ["../x", "not a path"],
      ["nothing", "no program"],
    ] as const)
      expect(jm(name)).toEqual({ status: 1, output: expect.stringContaining(why) as string });
  });
});
