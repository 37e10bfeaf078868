// SPDX-License-Identifier: GPL-3.0-or-later
/** The commands, as a user types them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { walk } from "../src/io/disk.ts";
import { cli, exampleText, project, topology } from "./compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "cli-"));
afterAll(() => rmSync(base, { recursive: true }));
let cwd: string;
beforeEach(() => void (cwd = mkdtempSync(path.join(base, "here-"))));

function salt(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  return { status, stdout, stderr };
}
const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);

describe("qwbtc-salt", () => {
  it("shows its help, its version, and what is near a mistyped command", () => {
    expect(salt("--help")).toMatchObject({ status: 0, stderr: "" });
    expect(salt("--help").stdout).toContain("Exit codes: 0 well, 1 findings or differences, 2 usage or disk, 70 a bug");
    expect(salt("--version").stdout.trim()).toBe(
      (JSON.parse(readFileSync(path.join(project, "package.json"), "utf8")) as { version: string }).version,
    );
    expect(salt("biuld")).toMatchObject({ status: 2, stdout: "" });
    expect(salt("biuld").stderr).toContain("Did you mean build?");
    expect(salt("build", "--nonsense").status).toBe(2);
    expect(salt("check", "--format", "xml").status).toBe(2);
  });

  it("init, check, build: a beginner's way, and again", () => {
    expect(salt("init").stdout).toContain("Wrote ./topology.yaml");
    expect(readFileSync(path.join(cwd, "topology.yaml"), "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\/topology\.schema\.json\n/,
    );
    expect(JSON.parse(readFileSync(path.join(cwd, "topology.schema.json"), "utf8"))).toHaveProperty("properties.qubes");
    expect(salt("check")).toMatchObject({ status: 0 });
    const built = salt("build");
    expect(built).toMatchObject({ status: 0 });
    expect(built.stderr).toContain("Using topology.yaml in this folder.");
    expect(built.stdout).toMatch(
      /Wrote \d+ files to out\/\nDigest of SHA256SUMS: [0-9a-f]{64}\nNext: read out\/README\.md/,
    );
    expect(salt("build").stdout).toContain("out/ is up to date");
    expect(
      spawnSync("sha256sum", ["--quiet", "--strict", "-c", "SHA256SUMS"], { cwd: path.join(cwd, "out") }).status,
    ).toBe(0);
  });

  it("init overwrites nothing, neither file, and writes neither then", () => {
    write("topology.schema.json", "mine");
    expect(salt("init")).toMatchObject({ status: 2, stdout: "" });
    expect(walk(cwd)).toEqual(["topology.schema.json"]);
    expect(readFileSync(path.join(cwd, "topology.schema.json"), "utf8")).toBe("mine");
    expect(salt("init", "/proc/x")).toMatchObject({ status: 2, stdout: "" }); // node's recursive mkdir hangs there
    expect(salt("build", "--out", "/proc/x/y").status).toBe(2);
    expect(salt("init", "new/folder").status).toBe(0);
    expect(salt("check", "new/folder/topology.yaml").status).toBe(0);
  });

  it("build without a topology says which it takes", () => {
    const { status, stderr } = salt("build");
    expect(status).toBe(0);
    expect(stderr).toContain("No topology.yaml here and none named: using the built-in example (examples/seed).");
    expect(salt("build", "-", "--out", "x").status).toBe(1); // standard input is empty
    expect(salt("build", "no-such.yaml")).toMatchObject({ status: 2, stdout: "" });
    expect(salt("build", "no-such.yaml").stderr).toContain("error[QB901] cannot read no-such.yaml: it does not exist");
    expect(salt("check", ".").stderr).toContain("it is a folder");
  });

  it("build --check and --dry-run write nothing and say what differs", () => {
    write("topology.yaml", topology());
    expect(salt("build", "--check")).toMatchObject({ status: 1 });
    expect(salt("build", "--dry-run").stdout).toMatch(/ {2}\+ README\.md\n[\s\S]*Nothing was written\n$/);
    expect(existsSync(path.join(cwd, "out"))).toBe(false);
    salt("build");
    expect(salt("build", "--check")).toMatchObject({ status: 0 });
    write("topology.yaml", topology({ node: "onion: { p2p: ephemeral }" }));
    const { status, stdout } = salt("build", "--check");
    expect(status).toBe(1);
    expect(stdout).toContain(
      "  + srv/formulas/base/qwbtc-formula/qwbtc/files/sys-bitcoin/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml\n",
    );
    expect(stdout).toContain(
      "  ~ srv/formulas/base/qwbtc-formula/qwbtc/files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf\n",
    );
    expect(salt("build", "--dry-run").status).toBe(0);
    write("out/mine", "");
    expect(salt("build", "--dry-run")).toMatchObject({ status: 2 }); // the real build would be refused
  });

  it("--strict lets warnings fail, and then nothing is written", () => {
    write("topology.yaml", topology().replace('"4.3"', '"4.2"'));
    expect(salt("check").status).toBe(0);
    expect(salt("check", "--strict").status).toBe(1);
    expect(salt("build", "--strict").status).toBe(1);
    expect(existsSync(path.join(cwd, "out"))).toBe(false);
    expect(salt("build").status).toBe(0);
  });

  it("--format json: one document on standard output, whatever happens", () => {
    write("topology.yaml", topology());
    const good = JSON.parse(salt("check", "--format", "json").stdout) as { costs: object; diagnostics: object[] };
    expect(good.costs).toMatchObject({ qubes: 2, clones: 1 });
    write("bad.yaml", "formula: 1\n");
    const bad = JSON.parse(salt("check", "bad.yaml", "--format", "json").stdout) as {
      diagnostics: { code: string; span: object }[];
    };
    expect(bad.diagnostics.map((one) => one.code)).toContain("QB203");
    expect(bad.diagnostics.find((one) => one.code === "QB203")?.span).toMatchObject({
      file: "bad.yaml",
      line: 1,
      column: 10,
      length: 1,
      text: "formula: 1",
    });
    const built = JSON.parse(salt("build", "--format", "json").stdout) as { wrote: boolean; digest: string };
    expect(built).toMatchObject({ wrote: true, out: "out" });
    write("out/mine", "");
    const refused = salt("build", "--format", "json");
    expect(refused.status).toBe(2);
    expect(
      (JSON.parse(refused.stdout) as { diagnostics: { code: string }[] }).diagnostics.map((one) => one.code),
    ).toContain("QB903");
    expect(
      (JSON.parse(salt("check", "none.yaml", "--format", "json").stdout) as { diagnostics: { code: string }[] })
        .diagnostics[0]?.code,
    ).toBe("QB901");
  });

  it("explain: a code, a qube, a file, a setting, and what there is not", () => {
    write("topology.yaml", exampleText("node"));
    expect(salt("explain", "qb203").stdout).toMatch(/^QB203 \(error\): a value is of the wrong type\n/);
    expect(salt("explain", "QB304").stdout).toContain("Source: Whonix documentation");
    expect(salt("explain", "bitcoin-server").stdout).toMatch(/shutdown_timeout = 900\n {6}bitcoind writes its caches/);
    expect(salt("explain", "bitcoin.conf:onlynet").stdout).toMatch(
      /# Peers only over onion services.*\n {2}# Source: .*\n {2}onlynet=onion\n/,
    );
    expect(salt("explain", "qwbtc-bitcoind.service:TimeoutStopSec").stdout).toContain("TimeoutStopSec=600");
    expect(salt("explain", "torrc.d/40_qwbtc.conf:SocksPort").stdout).toContain("OnionTrafficOnly");
    expect(salt("explain", "whonix_firewall.d/40_qwbtc.conf:WORKSTATION_TRANSPARENT_TCP").stdout).toContain(
      "No transparent proxying",
    );
    expect(salt("explain", "guard.sls").stdout).toContain("qwbtc-guard");
    expect(salt("explain", "QB000")).toMatchObject({ status: 2, stdout: "" });
    expect(salt("explain", "bitcoin-servr").stderr).toContain('did you mean "bitcoin-server"?');
    expect(salt("explain", "bitcoin.conf:nosuch").status).toBe(2);
    expect(salt("explain").status).toBe(2);
  });

  it("explain fits a terminal, but for what a program says, which stays in one line to be searched for", () => {
    write("topology.yaml", exampleText("node"));
    const long = (subject: string) =>
      salt("explain", subject)
        .stdout.split("\n")
        .filter((line) => line.length > 80);
    for (const subject of ["bitcoin-server", "bitcoind", "QB410"]) expect(long(subject)).toEqual([]);
    expect(long("bitcoind:prune")).toEqual([
      "  Error: Prune configured below the minimum of 550 MiB.  Please use a higher number.",
    ]);
  });

  it("schema prints the schema, and every code that explain knows has a reason", () => {
    expect(salt("schema").stdout).toBe(readFileSync(path.join(project, "examples/topology.schema.json"), "utf8"));
    const known = salt("explain", "QB000").stderr.match(/QB\d+/g)?.slice(1) ?? [];
    expect(known.length).toBeGreaterThan(40);
    for (const code of known.slice(0, 5)) expect(salt("explain", code).stdout.split("\n").length).toBeGreaterThan(3);
  });
});
