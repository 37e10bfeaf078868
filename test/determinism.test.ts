// SPDX-License-Identifier: GPL-3.0-or-later
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { modeAt, walk } from "../src/io/disk.ts";
import { cli, compiled, exampleText, examples, topology } from "./compiled.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "same-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Every file of a folder with its bytes and mode, and every folder's mode. */
function picture(folder: string): string[] {
  const files = walk(folder);
  const folders = new Set(files.map((file) => path.dirname(file)));
  return [
    ...files.map(
      (file) => `${modeAt(path.join(folder, file))} ${file}\n${readFileSync(path.join(folder, file), "base64")}`,
    ),
    ...[...folders].toSorted().map((one) => `${modeAt(path.join(folder, one))} ${one}/`),
  ];
}

it.each(examples)(
  "%s: two builds under different time zone, locale, umask, folder and name are the same bytes and modes",
  (name) => {
    const build = (folder: string, umask: string, env: NodeJS.ProcessEnv) => {
      const cwd = path.join(scratch, `${name}-${folder}`);
      mkdirSync(cwd);
      writeFileSync(path.join(cwd, `${folder}.yaml`), exampleText(name));
      const { status, stderr } = spawnSync(
        "sh",
        ["-c", `umask ${umask}; exec ${process.execPath} ${cli} build ${folder}.yaml --out tree`],
        {
          cwd,
          env: { PATH: process.env["PATH"], ...env },
          encoding: "utf8",
        },
      );
      expect(status, stderr).toBe(0);
      return picture(path.join(cwd, "tree"));
    };
    const one = build("here", "022", { TZ: "Pacific/Kiritimati", LC_ALL: "C", HOME: "/nonexistent" });
    const other = build("there", "077", {
      TZ: "America/Adak",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      HOME: scratch,
      USER: "somebody",
    });
    expect(other).toEqual(one);
    expect(one.length).toBeGreaterThan(20);
  },
);

it("the order in which a topology names its qubes and keys changes nothing", () => {
  const { tree } = compiled(topology());
  const turned = [
    "qubes:",
    "  bitcoin-server: { netvm: sys-bitcoin, role: bitcoind, chain: main }",
    '  "sys-bitcoin": { netvm: sys-firewall, role: whonix-gateway } # a comment',
    'platform: { whonix: 18, qubes: "4.3" }',
    "formula: 'qwbtc'",
    "",
  ].join("\n");
  expect([...compiled(turned).tree]).toEqual([...tree]);
});
