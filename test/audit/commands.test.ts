// SPDX-License-Identifier: GPL-3.0-or-later
/** `audit`, `graph` and `diff`, as a user types them: topologies, trees and bundles alike. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli, exampleText, project } from "../compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "audit-"));
afterAll(() => rmSync(base, { recursive: true }));
const example = (name: string) => path.join(project, "examples", name, "topology.yaml");
const at = (name: string) => path.join(base, name);

function salt(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: base,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  expect(salt("build", example("node-and-wallet"), "--out", at("tree")).status).toBe(0);
  expect(salt("bundle", example("node-and-wallet"), "--out", at("it.tar")).status).toBe(0);
});

describe("audit", () => {
  it("says of a topology, its tree and its bundle the same ways, and that all else is denied", () => {
    const [topology, tree, bundle] = [example("node-and-wallet"), at("tree"), at("it.tar")].map((one) =>
      salt("audit", one),
    );
    expect(topology?.stdout).toContain(
      "electrum-client (electrum-wallet, no net qube)\n  -> electrum-server  port 50001, over qrexec; a connection starts it\n",
    );
    expect(topology?.stdout).toContain("All else is denied.");
    expect(topology?.stdout).toMatch(
      /\nelectrum-server\n {2}trusted with\n(?:.*\n)+? {2}learns\n {4}- all addresses of each wallet in electrum-client,/,
    );
    expect(topology?.stdout).toContain("\n  bitcoin-server /home/bitcoin/.bitcoin/bitcoin.conf.local\n");
    expect(topology?.stdout).toMatch(/^beyond this machine\n {2}learn\n/m);
    const learnt = topology?.stdout.slice(topology.stdout.indexOf("\nWho learns what")) ?? "";
    expect(learnt.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect([tree?.stdout, bundle?.stdout]).toEqual([
      topology?.stdout.replace(/^\n/, ""),
      topology?.stdout.replace(/^\n/, ""),
    ]);
    expect([topology, tree, bundle].map((one) => one?.status)).toEqual([0, 0, 0]);
  });

  it("finds what a hand did to a tree, at its place, though the seals are wrong as well", () => {
    expect(salt("build", example("node-and-wallet"), "--out", at("edited")).status).toBe(0);
    const policy = path.join(
      at("edited"),
      "srv/formulas/base/qwbtc-formula/qwbtc/files/dom0/etc/qubes/policy.d/80-qwbtc.policy",
    );
    writeFileSync(policy, `${readFileSync(policy, "utf8")}qubes.ConnectTCP * @anyvm electrum-client allow\n`);
    const { status, stderr, stdout } = salt("audit", at("edited"));
    expect([status, stdout.length > 0]).toEqual([1, true]);
    expect(stderr).toContain("error[QB722] this allows more than one client, one server and one port");
    expect(stderr).toMatch(/80-qwbtc\.policy:\d+:1/);
    expect(stderr).toContain("has other bytes");
  });

  it("judges by a machine's own policy files, where they are given", () => {
    const folder = mkdtempSync(path.join(base, "policy-"));
    writeFileSync(path.join(folder, "30-user.policy"), "qubes.ConnectTCP * @anyvm @anyvm allow\n");
    const { status, stderr } = salt("audit", at("tree"), "--policy-dir", folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/QB723|QB711/);
    expect(salt("audit", at("tree"), "--policy-dir", at("none")).status).toBe(2);
  });

  it("gives programs the ways and the findings as JSON, and says of what is no tree what it is", () => {
    const { stdout } = salt("audit", example("node-and-wallet"), "--format", "json");
    const { ways, pairs, diagnostics } = JSON.parse(stdout) as {
      ways: { from: string; to: string; by: object }[];
      pairs: { from: string; to: string; ways: { kind: string }[]; denied?: { why: string; by: { line: number } } }[];
      diagnostics: object[];
    };
    expect(ways.find(({ from }) => from === "electrum-client")).toMatchObject({
      to: "electrum-server",
      kind: "link",
      starts: true,
    });
    expect(pairs.find(({ from, to }) => from === "electrum-client" && to === "Tor")).toMatchObject({
      ways: [],
      denied: { why: "it has no net qube", by: { line: expect.any(Number) as number } },
    });
    expect(diagnostics.length).toBeGreaterThan(0);
    const { knowledge, strangers, departures } = JSON.parse(stdout) as Record<string, { qube?: string; by?: string }[]>;
    expect(knowledge?.map(({ qube }) => qube)).toContain("electrum-client");
    expect(strangers?.some(({ by }) => by === "bitcoin-server")).toBe(true);
    expect(departures).toEqual([]);
    writeFileSync(at("no.tar"), "no tar");
    expect(salt("audit", at("no.tar"))).toMatchObject({ status: 1, stdout: "" });
  });
});

describe("what a topology means although it is not the safe default", () => {
  const meant = exampleText("node").replace(
    /(role: bitcoind\n)/,
    "$1    tor: onion-preferred\n    because: { tor: my friends have no onions }\n",
  );

  it("is shown by every audit, of its topology and of its tree, with the reason; each says it once", () => {
    writeFileSync(at("meant.yaml"), meant);
    expect(salt("build", at("meant.yaml"), "--out", at("meant")).status).toBe(0);
    const [topology, tree] = [at("meant.yaml"), at("meant")].map((one) => salt("audit", one));
    for (const one of [topology, tree]) {
      expect(one?.status).toBe(0);
      expect(one?.stdout).toContain(
        "\n  qubes.bitcoin-server.because.tor (onion-preferred)\n    my friends have no onions\n",
      );
    }
    expect(topology?.stderr).toContain("QB603");
    expect(topology?.stderr).not.toContain("QB790");
    expect(tree?.stderr).toContain("note[QB790]");
    expect(tree?.stderr).not.toContain("error[");
  });

  it("is an error of a tree that no longer says why", () => {
    const manifest = path.join(at("meant"), "MANIFEST.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace("my friends have no onions", ""));
    const { status, stdout, stderr } = salt("audit", at("meant"));
    expect(status).toBe(1);
    expect(stderr).toContain("error[QB780]");
    expect(stdout).not.toContain("because.tor");
  });
});

describe("explain", () => {
  it("tells of a port the same in a topology, its tree and its bundle, and a port from a setting", () => {
    const [topology, tree, bundle] = [example("node-and-wallet"), at("tree"), at("it.tar")].map((one) =>
      salt("explain", "electrum-client:50001", one),
    );
    expect(topology?.stdout).toContain("It ends at electrum-server, port 50001.");
    expect([tree, bundle]).toEqual([topology, topology]);
    expect(salt("explain", "electrum-server:db_mem", example("node-and-wallet")).stdout).toMatch(
      /^db_mem, a setting of Fulcrum[^]*\nIn electrum-server:\n {2}db_mem = 2000 {3}\(\S+fulcrum\.conf\)\n/,
    );
    expect(salt("explain", "bitcoin.conf:onlynet", at("it.tar")).stdout).toContain("  [main]\n  # Peers only over");
  });

  it.each([
    ["bitcoin.conf:onlynett", 'Nothing in bitcoin.conf is called "onlynett" (did you mean "onlynet"?).'],
    ["bitcoin-server:dbcach", 'No setting of bitcoin-server is called "dbcach" (did you mean "dbcache"?).'],
    ["electrum-clent:50001", 'No qube here is called "electrum-clent" (did you mean "electrum-client"?).'],
    ["electrum-client:70000", "70000 is no port: they go from 1 to 65535."],
    ["qwbtc-ws-electrum:50001", "qwbtc-ws-electrum is a template: nothing listens or calls in one."],
  ])("of what there is not says what is near: %s", (subject, says) => {
    const { status, stdout, stderr } = salt("explain", subject, example("node-and-wallet"));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });
});

describe("graph", () => {
  it.each([
    ["text", /^bitcoin-server \(bitcoind\)\n {2}-> sys-bitcoin {6}what Tor carries$/m],
    ["mermaid", /^flowchart LR\n/],
    ["dot", /^digraph system \{\n/],
    ["svg", /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/],
  ])("as %s, the same each time", (format, looks) => {
    const first = salt("graph", at("tree"), "--format", format);
    expect(first.stdout).toMatch(looks);
    expect([first.status, salt("graph", at("it.tar"), "--format", format).stdout]).toEqual([0, first.stdout]);
  });
});

describe("diff", () => {
  const changed = (name: string, change: (text: string) => string) => {
    writeFileSync(at(name), change(readFileSync(example("node-and-wallet"), "utf8")));
    return at(name);
  };

  it("is silent about the same thing as a topology, a tree and a bundle", () => {
    expect(salt("diff", example("node-and-wallet"), at("tree"))).toMatchObject({
      status: 0,
      stdout: "Nothing differs.\n",
    });
    expect(salt("diff", at("it.tar"), at("tree")).status).toBe(0);
  });

  it("says what a setting, a phase and a new wallet mean, what to apply, and what to start again", () => {
    const phase = changed("phase.yaml", (text) =>
      text.replace(/role: fulcrum\n/, "role: fulcrum\n    phase: steady\n"),
    );
    const one = salt("diff", example("node-and-wallet"), phase);
    expect(one.status).toBe(1);
    expect(one.stdout).toMatch(/^electrum-server\n {2}maxmem 5000 → \d+$/m);
    expect(one.stdout).toMatch(/^ {2}db_mem 2000 → \d+, in fulcrum\.conf$/m);
    expect(one.stdout).toContain("sudo qubesctl --targets=electrum-server state.apply");
    expect(one.stdout).toContain("  electrum-server: maxmem");
    expect(salt("diff", example("node-and-wallet"), phase, "--security-only")).toMatchObject({
      status: 0,
      stdout: "Nothing differs.\n",
    });
    const more = changed(
      "more.yaml",
      (text) => `${text.trimEnd()}\n  second: { role: electrum-wallet, server: electrum-server }\n`,
    );
    const two = salt("diff", example("node-and-wallet"), more, "--security-only").stdout;
    expect(two).toContain(
      "second\n  new: a qube is made\n  can now reach electrum-server: port 50001 (a connection starts it)\n",
    );
    const back = salt("diff", more, example("node-and-wallet"), "--security-only").stdout;
    expect(back).toContain("it stays in dom0 with its volume and its tag");
    expect(back).toContain("second\n  no longer part of the tree");
  });

  it("gives programs the same as JSON, and refuses what is neither", () => {
    const { stdout } = salt("diff", example("node"), example("node-and-wallet"), "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({ same: false });
    expect(salt("diff", example("node"), at("none.yaml")).status).toBe(2);
  });
});
