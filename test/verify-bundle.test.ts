// SPDX-License-Identifier: GPL-3.0-or-later
/** `verify` on bundles: what the compiler writes passes, everything else is refused with a reason, and nothing is ever unpacked or thrown. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import { verify as command, type VerifyOptions } from "../src/commands/verify.ts";
import { bytes, good, HOSTILE } from "./bundle/hostile.ts";
import { madeBy } from "./bundle/tars.ts";
import { WRONG_INSIDE } from "./bundle/wrong-inside.ts";
import { compiled, topology } from "./compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "verify-"));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;

/** Verifies bytes, in a folder of its own, in which nothing must appear. */
function verify(bytes: Buffer, options: Partial<VerifyOptions> = {}) {
  const cwd = path.join(base, String(++count));
  mkdirSync(cwd);
  const file = path.join(cwd, "b.tar");
  writeFileSync(file, bytes);
  let [stdout, stderr] = ["", ""];
  const terminal = {
    out: (text: string) => (stdout += text),
    err: (text: string) => (stderr += text),
    paint: (text: string) => text,
  };
  const status = command(file, { format: "pretty", ...options }, terminal);
  expect(readdirSync(cwd)).toEqual(["b.tar"]);
  return { status, stdout, stderr };
}

describe("verify, of a bundle", () => {
  it("passes what bundle writes, and says its digests", () => {
    const ran = verify(bytes);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toContain("b.tar is a whole bundle of formula qwbtc: ");
  });

  it.each([...HOSTILE, ...WRONG_INSIDE])("refuses %s", (_what, code, make) => {
    const { status, stdout } = verify(make(), { format: "json" });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { code: string; say: string; why: string; fix: string }[];
    };
    expect([status, diagnostics.map((one) => one.code)]).toEqual([1, expect.arrayContaining([code])]);
    for (const { say, why, fix } of diagnostics) {
      expect(say + why + fix).toMatch(/^[\x20-\x7e]+$/); // nothing that a terminal would act on
      expect([say, why, fix]).not.toContain("");
    }
  });

  it(`that is ${HOSTILE.length} ways in which a tar is none of ours, and ${WRONG_INSIDE.length} in which a tree is not`, () => {
    expect(HOSTILE.length + WRONG_INSIDE.length).toBeGreaterThan(60);
  });

  it("refuses what other programs make of the very same tree", () => {
    const folder = path.join(base, "out");
    publish(compiled(topology()).tree, path.join(folder, "qwbtc"));
    const formats = ["gnu", "pax", "ustar"].map(
      (format) => [`tar --format=${format}`, ["tar", "--format", format, "-cf", "-", "qwbtc"]] as const,
    );
    const python = "import sys, tarfile; tarfile.open(fileobj=sys.stdout.buffer, mode='w|').add('qwbtc')";
    for (const [what, [program = "", ...args]] of [...formats, ["python", ["python3", "-c", python]] as const]) {
      expect(verify(madeBy(program, args, folder)).status, what).toBe(1);
    }
  });

  it("is read by GNU tar and by Python's tarfile as the same files", () => {
    const folder = mkdtempSync(path.join(base, "unpacked-"));
    const file = path.join(folder, "b.tar");
    writeFileSync(file, bytes);
    const listed = madeBy("tar", ["-tf", file], folder).toString().trim().split("\n");
    const python = "import sys, tarfile; print('\\n'.join(m.name for m in tarfile.open(sys.argv[1]).getmembers()))";
    expect(madeBy("python3", ["-c", python, file], folder).toString().trim().split("\n")).toEqual(listed);
    expect(listed).toEqual([...good.keys()].map((one) => `qwbtc/${one}`));
  });
});

describe("--digest", () => {
  const digests = () => JSON.parse(verify(bytes, { format: "json" }).stdout) as { bundle: string; digest: string };

  it("takes that of the bundle and that of SHA256SUMS, in either case, and says which it was", () => {
    const { bundle, digest } = digests();
    expect(verify(bytes, { digest: bundle }).stdout).toContain("that of the bundle");
    expect(verify(bytes, { digest: digest.toUpperCase() }).stdout).toContain("that of SHA256SUMS");
  });

  it("refuses another, and what is no digest", () => {
    const other = verify(bytes, { digest: "0".repeat(64) });
    expect(other).toMatchObject({ status: 1, stdout: "" });
    expect(other.stderr).toContain("QB932");
    const short = verify(bytes, { digest: digests().bundle.slice(0, 12) });
    expect(short.status).toBe(2);
    expect(short.stderr).toContain("QB934");
  });
});
