import { afterAll, beforeAll, describe, expect, it } from "vitest";
import path from "node:path";
import { publish } from "../../src/io/publish.ts";
import { compiled, exampleText } from "../compiled.ts";
import { writePillar } from "../pillar.ts";
import { salts } from "../salts/salts.ts";
import { Machine } from "./machine.ts";

describe("dev", () => {
  let machine: Machine;
  const t0 = Date.now();
  const log = (...words: unknown[]) => console.log(((Date.now() - t0) / 1000).toFixed(1), ...words);
  beforeAll(async () => {
    const [salt] = await salts();
    const text = exampleText("seed").replace("chain: main", "chain: regtest");
    machine = await Machine.open(compiled(text), salt!);
    log("open");
  });
  afterAll(async () => { await machine?.close(); log("closed"); });
  it("applies", async () => {
    publish(machine.system.tree, path.join(machine.state, "tmp/qwbtc-1"));
    log(await machine.did("cd qwbtc-1 && sudo ./install.sh"));
    writePillar(machine.system.model, path.join(machine.state, "srv/pillar/base/qwbtc"));
    log(await machine.did("sudo qubesctl top.enable qwbtc pillar=True"));
    log((await machine.dom0("sudo qubesctl --templates --show-output state.apply 2>&1 | grep -E '^[a-z-]*:$|^FAILED|^changed|^Succ|^Fail|rror' | grep -v '^ok'")).stdout);
    log((await machine.dom0("sudo qubesctl --all --show-output state.apply 2>&1 | grep -E '^[a-z-]*:$|^FAILED|^changed|^Succ|^Fail|rror' | grep -v '^ok'")).stdout);
    log((await machine.dom0("sudo qubesctl --all --show-output state.apply 2>&1 | grep -E '^[a-z-]*:$|^FAILED|^changed|^Succ|^Fail|rror' | grep -v '^ok'")).stdout);
    log(machine.findings);
    expect(1).toBe(1);
  });
});
