// SPDX-License-Identifier: GPL-3.0-or-later
/** `build` on a real small file system that gives out: full, full beside an earlier tree, read-only. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli, topology } from "./compiled.ts";
import { whyNoSandbox } from "./sandbox.ts";

const base = mkdtempSync(path.join(tmpdir(), "disk-"));
afterAll(() => rmSync(base, { recursive: true }));
let out: string;
let count = 0;
beforeEach(() => {
  mkdirSync(path.join(base, String(++count)));
  out = path.join(base, String(count), "tree");
});

const refused = whyNoSandbox();
const mounted = (options: string, script: string) =>
  spawnSync(
    "unshare",
    [
      "-m",
      "sh",
      "-euc",
      `mkdir -p ${out}.mnt; mount -t tmpfs -o ${options} tmpfs ${out}.mnt; cd ${out}.mnt; ${script}`,
    ],
    { encoding: "utf8" },
  );

/** The lines of a finding are broken where a terminal ends, and the paths here are long. */
const inOneLine = (text: string) => text.replaceAll(/\s+/g, " ");

describe.skipIf(refused !== undefined)(
  refused === undefined ? "on a disk that gives out" : `on a disk that gives out (skipped: ${refused})`,
  () => {
    const build = `${process.execPath} ${cli} build topology.yaml --out tree`;

    it("full: says so, and leaves no half tree", () => {
      writeFileSync(`${out}.yaml`, topology());
      const { stdout, stderr } = mounted("size=64k", `cp ${out}.yaml topology.yaml; ${build} || echo "exit $?"; ls -A`);
      expect(stdout).toBe("exit 2\ntopology.yaml\n");
      expect(inOneLine(stderr)).toMatch(/error\[QB906\] cannot write .*: the disk is full/);
    });

    it("full while an earlier tree is there: that one stays whole", () => {
      writeFileSync(`${out}.yaml`, topology());
      const script = `cp ${out}.yaml topology.yaml; ${build} >/dev/null 2>&1; sed -i 's/sys-bitcoin$/sys-bitcoin\\n    version: "30.3"/' topology.yaml; ${build} >/dev/null 2>&1 || echo "exit $?"; (cd tree && sha256sum --quiet --strict -c SHA256SUMS && echo whole); ls -A`;
      const { stdout } = mounted("size=900k", script);
      expect(stdout).toBe("exit 2\nwhole\ntopology.yaml\ntree\n");
    });

    it("read-only: says so", () => {
      writeFileSync(`${out}.yaml`, topology());
      const { stdout, stderr } = mounted(
        "size=64k",
        `cp ${out}.yaml topology.yaml; mount -o remount,ro ${out}.mnt; ${build} || echo "exit $?"`,
      );
      expect(stdout).toBe("exit 2\n");
      expect(inOneLine(stderr)).toMatch(/error\[QB906\] cannot write .*: the file system is read-only/);
    });
  },
);
