// SPDX-License-Identifier: GPL-3.0-or-later
/** formulas/dom0/uninstall.sh as a text, and where it cannot work. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { project } from "./compiled.ts";

describe("uninstall.sh, the script", () => {
  const script = path.join(project, "formulas/dom0/uninstall.sh");
  const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
  it.skipIf(!shellcheck)(
    `is clean for shellcheck${shellcheck ? "" : " (skipped: shellcheck is not installed)"}`,
    () => {
      const ran = spawnSync("shellcheck", ["-s", "sh", "-o", "all", "-e", "SC2250,SC2310,SC2312", script], {
        encoding: "utf8",
      });
      expect(ran.stdout).toBe("");
    },
  );

  it("says what it is for where it cannot run", () => {
    const ran = spawnSync("sh", [script], { encoding: "utf8" });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^error: .*\n {2}why: .*\n {2}fix: .*\n$/);
  });
});
