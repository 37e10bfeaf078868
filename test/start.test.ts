// SPDX-License-Identifier: GPL-3.0-or-later
/** The dom0 command `start`, in the stand-in dom0 after an apply: what it starts, in which order, and what it refuses. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import { compiled, exampleText, topology } from "./compiled.ts";
import { applyTwice, type World } from "./dom0/dom0.ts";
import { writePillar } from "./pillar.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts, type Salt } from "./salts/salts.ts";

const refused = whyNoSandbox();
const base = mkdtempSync(path.join(tmpdir(), "start-"));
afterAll(() => rmSync(base, { recursive: true }));
const sandbox = path.join(import.meta.dirname, "sandbox.sh");
const enter = path.join(import.meta.dirname, "dom0/enter.py");

/** A dom0 in which a system was applied; `run` types a command in the unpacked tree. */
async function machine(name: string, text: string, salt: Salt) {
  const { tree, model } = compiled(text);
  const out = path.join(base, `${name}-tree`);
  const state = path.join(base, name);
  publish(tree, out);
  writePillar(model, `${out}-pillar`);
  mkdirSync(state);
  const { runs } = await applyTwice(out, { formula: "qwbtc", salt, runs: 1, state, pillar: `${out}-pillar` });
  expect(runs[0]?.failed).toEqual([]);
  const run = (command: string) => {
    const words = [
      sandbox,
      state,
      salt.python,
      enter,
      "--own",
      model.qubes.map((one) => one.name).join(","),
      "sh",
      "-c",
    ];
    const { status, stdout, stderr } = spawnSync("sh", [...words, `cd /tmp/tree && ${command}`], { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const running = () => {
    const world = JSON.parse(readFileSync(path.join(state, "run/dom0-standin/world.json"), "utf8")) as World;
    const names = model.qubes.map((one) => one.name);
    return names.filter((one) => world.qubes[one]?.power_state === "Running").toSorted();
  };
  return { run, running, state };
}

describe.skipIf(refused !== undefined)(refused === undefined ? "start" : `start (skipped: ${refused})`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Salt];

  describe("in the seed's system", () => {
    let seed: Awaited<ReturnType<typeof machine>>;
    beforeAll(async () => void (seed = await machine("seed", exampleText("seed"), salt)));

    it("--list says the order, each after what it needs, and starts nothing", () => {
      const before = seed.running();
      expect(seed.run("./start --list")).toEqual({
        status: 0,
        stdout: "sys-bitcoin\nbitcoin-server\nelectrum-server\nsys-joinmarket\njoinmarket-server\n",
        stderr: "",
      });
      expect(seed.run("./start --list electrum-client").stdout).toBe(
        "sys-bitcoin\nbitcoin-server\nelectrum-server\nelectrum-client\n",
      );
      expect(seed.running()).toEqual(before);
    });

    it("starts all that serves others, and leaves alone what runs", () => {
      const first = seed.run("./start");
      expect(first).toMatchObject({ status: 0, stderr: "" });
      expect(first.stdout).toBe(
        "sys-bitcoin: runs already\nbitcoin-server: started\nelectrum-server: started\nsys-joinmarket: runs already\njoinmarket-server: started\n",
      );
      const servers = ["bitcoin-server", "electrum-server", "joinmarket-server", "sys-bitcoin", "sys-joinmarket"];
      expect(seed.running()).toEqual(servers);
      expect(seed.run("./start").stdout).not.toContain(": started");
    });

    it("starts a wallet after what it needs", () => {
      expect(seed.run("./start joinmarket-client").stdout).toMatch(/\njoinmarket-client: started\n$/);
      expect(seed.running()).toContain("joinmarket-client");
    });

    it("refuses a name that the tree does not have, and a qube that is not ours", () => {
      const wrong = seed.run("./start electrum-clinet");
      expect(wrong).toMatchObject({ status: 2, stdout: "" });
      expect(wrong.stderr).toContain("no qube of this tree is called electrum-clinet");
      seed.run("qvm-shutdown --wait electrum-server; qvm-tags electrum-server del qwbtc");
      const foreign = seed.run("./start electrum-client");
      expect(foreign.status).toBe(1);
      expect(foreign.stderr).toContain("electrum-server cannot be started");
      expect(foreign.stdout).toContain("electrum-client: not started, for it needs electrum-server");
      expect(seed.running()).not.toContain("electrum-client");
      expect(seed.run("mv MANIFEST.json gone && ./start").status).toBe(2);
    });
  });

  it("does not start a gateway that still waits for its bridges, nor what stands behind it", async () => {
    const { run, running } = await machine("bridges", topology({ gateway: "bridges: by-hand" }), salt);
    const waiting = run("./start");
    expect(waiting.status).toBe(1);
    expect(waiting.stderr).toContain("bridges come first");
    expect(running()).toEqual([]);
    run("qvm-prefs sys-bitcoin netvm sys-firewall");
    expect(run("./start")).toMatchObject({ status: 0, stderr: "" });
    expect(running()).toEqual(["bitcoin-server", "sys-bitcoin"]);
  });
});

it("start is readable Python without a stray tab, and says how it is used", () => {
  const { tree } = compiled(exampleText("seed"));
  const file = path.join(base, "start");
  writeFileSync(file, tree.get("start")?.text ?? "", { mode: 0o755 });
  expect(tree.get("start")?.mode).toBe("0755");
  const { status, stdout } = spawnSync(file, ["--help"], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toContain("./start electrum-client");
});
