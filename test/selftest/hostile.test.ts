// SPDX-License-Identifier: GPL-3.0-or-later
/** What a qube in foreign hands sends back instead of answers: it is told so, nothing of it is believed, and it costs neither dom0 nor the others. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { suites, whyNoContainer, withContainer, type Content } from "../container/container.ts";
import { whyNoSandbox } from "../sandbox.ts";
import { Dom0 } from "./system.ts";
import { readFileSync } from "node:fs";
import path from "node:path";

const why = whyNoSandbox();
const named = why === undefined ? "" : ` (skipped: ${why})`;
const { tree, model } = compiled(exampleText("node-and-wallet"));
const victim = "electrum-client";

/** Shell commands that answer in a qube's place; the plan is not even read. */
const hostile: [name: string, says: string, told: RegExp][] = [
  ["nothing", "true", /no answer/],
  ["an error", "echo no python here >&2; exit 127", /no answer: qvm-run ended with 127: no python here/],
  ["more than it may", "yes | head -c 10000000", /sent more than 262144 bytes/],
  ["more errors than it may", "yes | head -c 10000000 >&2; sleep 600", /sent more than 262144 bytes/],
  ["one line without end", "head -c 200000 /dev/zero | tr '\\0' 'a'", /1 lines were none/],
  ["binary", "head -c 4000 /dev/urandom; echo", /lines were none/],
  ["deep JSON", "printf '%04000d\\n' 0 | tr 0 '['", /1 lines were none/],
  ["huge numbers", `printf '{"id":%04000d}\\n' 9`, /1 lines were none/],
  ["another check's number", `echo '{"id":99999,"verdict":"ok","detail":""}'`, /1 lines were none/],
  ["a number that is none", `echo '{"id":true,"verdict":"ok","detail":""}'`, /1 lines were none/],
  ["a verdict of its own", `echo '{"id":0,"verdict":"fine","detail":""}'`, /1 lines were none/],
  ["words of its own", `echo '{"id":0,"verdict":"ok","detail":"","x":1}'`, /1 lines were none/],
  [
    "figures that are none",
    `echo '{"id":0,"verdict":"ok","detail":"","values":{"milliseconds":1e400}}'`,
    /1 lines were none/,
  ],
  [
    "two answers to one question",
    `for i in 1 2; do echo '{"id":1,"verdict":"ok","detail":""}'; done`,
    /1 lines were none/,
  ],
  ["not a number", `echo '{"id":NaN,"verdict":"ok","detail":""}'`, /1 lines were none/],
  ["a list", "echo '[]'", /1 lines were none/],
];

describe(`a hostile qube${named}`, () => {
  let dom0: Dom0;
  const test = it.skipIf(why !== undefined);
  beforeAll(() => {
    if (why !== undefined) return;
    dom0 = new Dom0(tree, model);
    for (const known of Object.values(dom0.world)) known.pid = 0;
  });
  afterAll(() => dom0?.remove());
  const says = (command: string) => {
    Object.assign(dom0.world[victim] ?? {}, { pid: 1, says: command });
    dom0.tell();
  };

  test.each(hostile)("that sends %s", (_name, command, told) => {
    says(command);
    const { status, rows } = dom0.selftest(victim);
    expect(status).toBe(1);
    const inside = rows.filter(
      ({ qube, check }) => qube === victim && !["net qube", "default disposable"].includes(check),
    );
    expect(inside.filter(({ verdict }) => verdict === "ok").length).toBeLessThanOrEqual(1);
    expect(inside.map(({ check, detail }) => `${check}: ${detail}`).join("\n")).toMatch(told);
    for (const { detail } of rows) expect(detail).toMatch(/^[ -~]{0,240}$/);
  });

  test("that writes on the terminal: nothing but printable ASCII comes through", () => {
    says(
      `printf '{"id":1,"verdict":"failed","detail":"\\\\u001b]0;x\\\\u0007\\\\u202eabc%0300d"}\\n' 0; printf '\\033[2Jerr' >&2`,
    );
    const { stdout, stderr } = dom0.command(`./selftest ${victim}`);
    expect(stdout + stderr).toMatch(/^[\n -~]*$/);
    expect(stdout).toMatch(new RegExp(`^FAILED     ${victim}: private volume: \\?\\]0;x\\?\\?abc0+\\.\\.\\.$`, "m"));
  });

  test("that is late costs its own checks, after a bounded time", () => {
    says(`echo '{"id":1,"verdict":"ok","detail":"","values":{"free":9,"size":10}}'; exec sleep 1000.4242`);
    const begun = Date.now();
    // The bound is of the plan's length; the test's own is shortened, not removed.
    const { stdout } = dom0.command(
      `sed 's/: 90 + 2 \\* len(plan.checks) /: 1 /; s/seconds + 15/seconds + 2/' selftest >late && chmod +x late && ./late --format json ${victim}`,
    );
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect(stdout).toContain("no answer: it took too long");
    expect(dom0.command("pgrep -f '[s]leep 1000.4242'").stdout).toBe("");
  });

  test.each([
    ["7200", "ahead of", "failed"],
    ["-7200", "behind", "failed"],
    ["60", "ahead of", "ok"],
    ["0", "that of", "ok"],
  ])("its clock is judged by dom0's: %s s", (shift, text, verdict) => {
    says(
      `echo "{\\"id\\":0,\\"verdict\\":\\"ok\\",\\"detail\\":\\"\\",\\"values\\":{\\"milliseconds\\":$(( ($(date +%s%3N)) + ${shift} * 1000 ))}}"`,
    );
    const row = dom0.selftest(victim).rows.find(({ check }) => check === "clock");
    expect([row?.verdict, row?.detail]).toEqual([verdict, expect.stringContaining(text)]);
  });

  test.each([
    [1_000_000, 1_073_741_824_000, "failed"],
    [500_000_000_000, 500_000_000_000, "failed"],
    [100_000_000_000, 1_060_000_000_000, "ok"],
  ])("the room of a volume is judged: %s bytes free of %s", (free, size, verdict) => {
    Object.assign(dom0.world["bitcoin-server"] ?? {}, {
      pid: 1,
      says: `echo '{"id":1,"verdict":"ok","detail":"","values":{"free":${free},"size":${size}}}'`,
    });
    dom0.tell();
    const row = dom0.selftest("bitcoin-server").rows.find(({ check }) => check === "private volume");
    expect(row?.verdict, row?.detail).toBe(verdict);
    Object.assign(dom0.world["bitcoin-server"] ?? {}, { pid: 0 });
    dom0.tell();
  });

  test("a qube that is not ours is not entered; one that is not there is said", () => {
    says("touch /tmp/entered");
    Object.assign(dom0.world[victim] ?? {}, { tags: [] });
    const { [victim]: gone, ...rest } = dom0.world;
    dom0.tell();
    const { rows } = dom0.selftest(victim);
    expect(rows.filter(({ qube }) => qube === victim)).toEqual([
      { qube: victim, check: "is ours", verdict: "failed", detail: expect.stringContaining("not entered") },
    ]);
    expect(dom0.command("ls /tmp/entered").status).not.toBe(0);
    dom0.world = rest;
    dom0.tell();
    expect(dom0.selftest(victim).rows.find(({ qube }) => qube === victim)?.detail).toContain("no such qube");
    dom0.world = { ...rest, [victim]: { ...gone, tags: ["qwbtc"] } as (typeof rest)[string] };
    dom0.tell();
  });

  test("without a qube that runs it says so, and ends with 2", () => {
    Object.assign(dom0.world[victim] ?? {}, { pid: 0 });
    dom0.tell();
    const { status, stderr } = dom0.command("./selftest");
    expect([status, stderr]).toEqual([2, expect.stringContaining("no qube of this tree runs")]);
  });

  test("--start starts what it was asked for and what that needs, and leaves it running", () => {
    for (const known of Object.values(dom0.world)) Object.assign(known, { pid: 0, says: "true" });
    dom0.tell();
    const { status, stdout, stderr } = dom0.command(`./selftest --start ${victim}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /sys-bitcoin: started\nbitcoin-server: started\nelectrum-server: started\nelectrum-client: started/,
    );
    expect(stdout).toContain(`FAILED     ${victim}: link electrum to electrum-server: no answer`);
    expect(dom0.command("grep -o '\"pid\": 1' /etc/standin-world.json").stdout.trim().split("\n").length).toBe(4);
    for (const known of Object.values(dom0.world)) Object.assign(known, { pid: 0 });
    dom0.tell();
  });

  test("--list says what would be tried, and enters nothing", () => {
    says("touch /tmp/entered");
    const { status, stdout } = dom0.command("./selftest --list");
    expect(status).toBe(0);
    expect(stdout).toContain(`${victim} (runs; for all of its checks it needs electrum-server)\n`);
    expect(stdout).toContain("bitcoin-server (does not run");
    expect(dom0.command("ls /tmp/entered").status).not.toBe(0);
  });

  test.each([
    ["a qube of another tree", "./selftest electrum-clinet", "no qube of this tree is called electrum-clinet"],
    ["an unknown option", "./selftest --strat", "unrecognized arguments"],
    [
      "a probe that somebody changed",
      "cp -r . /tmp/two; cd /tmp/two; echo '# x' >>selftest-probe; ./selftest",
      "not that of MANIFEST.json",
    ],
    ["no manifest", "mkdir /tmp/none; cp selftest /tmp/none; /tmp/none/selftest", "the tree cannot be read"],
    ["no dom0", "PATH=/usr/bin:/bin ./selftest", "no qvm-run"],
  ])("refuses %s with 2", (_name, command, text) => {
    const { status, stdout, stderr } = dom0.command(command);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain("Traceback");
  });
});

const noBox = whyNoContainer();
// dom0's Python: 3.11 on Qubes 4.2, 3.13 on 4.3, as in these Debians.
describe.each(suites)(`selftest by the Python of %s${noBox === undefined ? "" : ` (skipped: ${noBox})`}`, (suite) => {
  it.skipIf(noBox !== undefined)("reads its tree, and judges what a qube says", async () => {
    const qvm = readFileSync(path.join(import.meta.dirname, "standin/qvm.py"), "utf8");
    const files = new Map<string, Content>(
      [...tree].map(([file, { text, mode }]) => [`/tree/${file}`, { text, mode: Number.parseInt(mode, 8) }]),
    );
    for (const tool of ["qvm-check", "qvm-tags", "qvm-prefs", "qvm-run"])
      files.set(`/usr/bin/${tool}`, { text: qvm, mode: 0o755 });
    const known = {
      pid: 1,
      tags: ["qwbtc"],
      prefs: {},
      says: hostile.map(([, command]) => `(${command.replace("; sleep 600", "")})`).join("; "),
    };
    const small = { ...known, says: `echo '{"id":1,"verdict":"ok","detail":""}'; echo '[]'` };
    files.set("/etc/standin-world.json", {
      text: JSON.stringify({ qubes: { [victim]: known, "electrum-server": small } }),
    });
    await withContainer({ suite, files }, async (box) => {
      const { status, stdout, stderr } = await box.run(`/tree/selftest ${victim} electrum-server`);
      expect([status, stderr]).toEqual([1, expect.not.stringContaining("Traceback")]);
      expect(stdout).toContain(`${victim}: its answers: `);
      expect(stdout).toContain("electrum-server: its answers: 1 lines were none that it was asked for");
      expect(stdout).toMatch(/^[\n -~]*$/);
    });
  });
});
