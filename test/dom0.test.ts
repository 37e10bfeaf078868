// SPDX-License-Identifier: GPL-3.0-or-later
/** The tree of each example, and some others, rendered by a real Salt, the seed's by two, and applied to the stand-in dom0. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Qube } from "../src/model/model.ts";
import { publish } from "../src/io/publish.ts";
import { compiled, examples, exampleText, topology } from "./compiled.ts";
import { applyTwice, type Applied, type Options, type World } from "./dom0/dom0.ts";
import { writePillar } from "./pillar.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts, type Salt } from "./salts/salts.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "dom0-test-"));
afterAll(() => rmSync(scratch, { recursive: true }));
let count = 0;

async function apply(text: string, salt: Salt, options: Partial<Options> = {}): Promise<Applied> {
  const { tree, model } = compiled(text);
  const folder = path.join(scratch, String(count++));
  publish(tree, folder);
  writePillar(model, `${folder}-pillar`);
  return applyTwice(folder, {
    formula: model.formula,
    salt,
    release: model.platform.qubes,
    pillar: `${folder}-pillar`,
    ...options,
  });
}

interface Drifting {
  qubes: Record<
    string,
    { properties: Record<string, unknown>; volumes: Record<string, { size: number }>; features: Record<string, string> }
  >;
}

/** The world after the first run, to be changed by hand. */
function drifted(applied: Applied): Drifting {
  return structuredClone(applied.runs[0]?.after) as unknown as Drifting;
}

/** Everything that must hold of any tree of ours. */
function expectGood(applied: Applied): void {
  expect(applied.findings).toEqual([]);
  for (const [minion, { errors, low }] of Object.entries(applied.minions)) {
    expect(errors, minion).toEqual([]);
    expect(low.length, minion).toBeGreaterThan(0);
  }
  const [first, second] = applied.runs;
  expect(first).toMatchObject({ exit: 0, failed: [], errors: [] });
  expect(second).toMatchObject({ exit: 0, failed: [], errors: [], changed: [], written: [], removed: [] });
  expect(second?.after).toEqual(first?.after);
}

const refused = whyNoSandbox();
const sandboxed = refused === undefined;
const title = (name: string) => (sandboxed ? name : `${name} (skipped: ${refused})`);

describe.skipIf(!sandboxed)(title("under each Salt"), async () => {
  const list = sandboxed ? await salts() : [];

  describe.each(list)("Salt $version", (salt) => {
    // The seed's system under each; the others in turn, for each takes long.
    const own = examples.filter((name, at) => name === "seed" || at % list.length === list.indexOf(salt));
    it.each(own)("%s renders with no finding and applies twice with no second change", async (name) => {
      const { model } = compiled(exampleText(name));
      const applied = await apply(exampleText(name), salt);
      expectGood(applied);
      const clones = model.templates.filter((one) => one.clone).map((one) => one.name);
      const machines = ["dom0", ...clones, ...model.qubes.map((one) => one.name)];
      expect(Object.keys(applied.minions).toSorted()).toEqual(machines.toSorted());
      const qubes: World["qubes"] = applied.runs[0]?.after.qubes ?? {};
      for (const clone of clones) expect(qubes[clone]?.klass).toBe("TemplateVM");
      for (const { name: qube, template, netvm, vm, uses, role } of model.qubes) {
        const made = qubes[qube];
        expect(made?.properties, qube).toMatchObject({
          netvm: netvm?.name ?? null,
          default_dispvm: null,
          template: template.name,
          maxmem: vm.maxmem.value,
        });
        expect(made?.power_state, qube).toBe(role.providesNetwork && !template.clone ? "Running" : "Halted");
        const reached = role.reaches?.(model.qubes.find((one) => one.name === qube) as Qube)?.value;
        const only = reached && [
          `action=accept proto=tcp dst4=${reached.host}/32 dstports=${reached.port}-${reached.port}`,
        ];
        expect(made?.firewall, qube).toEqual(only ? [...only, "action=drop"] : ["action=accept"]);
        if (vm.shutdown_timeout) expect(made?.properties["shutdown_timeout"]).toBe(vm.shutdown_timeout.value);
        if (vm.privateBytes) expect(made?.volumes["private"]).toMatchObject({ size: vm.privateBytes.value });
        // Each link is switched on in its client, and nothing is switched on that is not there.
        const opened = Object.keys(made?.features ?? {}).filter((one) => /^service\.qwbtc-(?:tcp-)?[0-9]/.test(one));
        const links = uses.map((link) => (link.named ? `${link.local}-${link.server.name}` : `tcp-${link.local}`));
        expect(opened.toSorted(), qube).toEqual(links.map((one) => `service.qwbtc-${one}`).toSorted());
      }
    });

    it("every option of a qube at once, on both releases", async () => {
      const vm = `vm: { label: orange, memory: 900, maxmem: 3000, vcpus: 3, autostart: true, include_in_backups: true, qrexec_timeout: 400, shutdown_timeout: 1200, private: 1500GiB, pool: varlibqubes, menu_items: [a.desktop], features: { x-note: "1" }, tags: [mine] }`;
      const text = topology({ head: "updates: sys-bitcoin", node: vm });
      expectGood(await apply(text, salt));
      expectGood(await apply(text.replace('"4.3", whonix: 18', '"4.2", whonix: 17'), salt, { release: "4.2" }));
    });
  });

  describe("under the first Salt", () => {
    const [salt] = list as [Salt];
    let fresh: Applied;
    beforeAll(async () => {
      fresh = await apply(topology(), salt, { runs: 1 });
    });

    it("state.highstate test=True on a fresh machine fails nothing and writes nothing", async () => {
      const applied = await apply(topology(), salt, { test: true, runs: 1 });
      expect(applied.findings).toEqual([]);
      expect(applied.runs[0]).toMatchObject({ exit: 0, failed: [], written: [], removed: [] });
      expect(applied.runs[0]?.after).toEqual(applied.runs[0]?.before);
    });

    it("a stranger's qube of the same name stops everything before anything is written; handed over, it is converted", async () => {
      const foreign = ["bitcoin-server=AppVM:whonix-workstation-18:"];
      const refused = await apply(topology(), salt, { foreign, runs: 1 });
      const [run] = refused.runs;
      expect(run?.exit).not.toBe(0);
      expect(run?.failed).toContain("qwbtc-guard-adopt-bitcoin-server");
      expect(run?.failed).not.toContain("qwbtc-guard-foreign-bitcoin-server");
      expect(run?.states.find((one) => one.id === "qwbtc-guard-adopt-bitcoin-server")?.comment).toContain(
        "qvm-tags bitcoin-server add qwbtc",
      );
      expect(run?.after).toEqual(run?.before);
      expect(run?.written).toEqual([]);

      const adopted = await apply(topology(), salt, { foreign: [`${foreign[0]}qwbtc`] });
      expectGood(adopted);
      expect(adopted.runs[0]?.after.qubes["bitcoin-server"]?.properties).toMatchObject({
        template: "qwbtc-ws-bitcoin",
        netvm: "sys-bitcoin",
      });
    });

    it("a stranger's qube of another kind is not offered to be handed over", async () => {
      const applied = await apply(topology(), salt, { foreign: ["sys-bitcoin=AppVM:whonix-workstation-18:"], runs: 1 });
      expect(applied.runs[0]?.failed).toContain("qwbtc-guard-foreign-sys-bitcoin");
      expect(applied.runs[0]?.failed).not.toContain("qwbtc-guard-adopt-sys-bitcoin");
      expect(applied.runs[0]?.after).toEqual(applied.runs[0]?.before);
    });

    it("all name clashes are reported in one run", async () => {
      const foreign = [
        "sys-bitcoin=AppVM:whonix-gateway-18:",
        "bitcoin-server=AppVM:debian-13-xfce:",
        "qwbtc-ws-bitcoin=TemplateVM::",
      ];
      const applied = await apply(topology(), salt, { foreign, runs: 1 });
      const failed = applied.runs[0]?.failed.filter((id) => id !== "qwbtc-guard").toSorted();
      expect(failed).toEqual(
        expect.arrayContaining([
          "qwbtc-guard-adopt-sys-bitcoin",
          "qwbtc-guard-foreign-bitcoin-server",
          "qwbtc-guard-foreign-qwbtc-ws-bitcoin",
        ]),
      );
      expect(applied.runs[0]?.after).toEqual(applied.runs[0]?.before);
    });

    it("a qube that could not be made leaves no marker, by which somebody else's of that name would pass for ours", async () => {
      const full = topology({ node: "vm: { pool: no-such-pool }" });
      const failed = await apply(full, salt, { runs: 1 });
      const [run] = failed.runs;
      expect(run?.failed).toContain("qwbtc-create-bitcoin-server");
      expect(run?.after.qubes["bitcoin-server"]).toBeUndefined();
      expect(Object.keys(run?.files ?? {}).filter((file) => file.includes("/creating/"))).toEqual([]);
    });

    it("drift made by hand is repaired; a volume that was grown is left alone", async () => {
      const world = drifted(fresh);
      const node = world.qubes["bitcoin-server"];
      if (!node?.volumes["private"]) throw new Error("no node");
      Object.assign(node.properties, {
        netvm: "sys-firewall",
        maxmem: 8000,
        default_dispvm: "whonix-workstation-18-dvm",
      });
      node.features["service.qwbtc-bitcoind"] = "";
      node.volumes["private"].size = 2000 * 2 ** 30;
      const applied = await apply(topology(), salt, { world });
      expect(applied.findings).toEqual([]);
      expect(applied.runs[0]?.failed).toEqual([]);
      const mended = applied.runs[0]?.after.qubes["bitcoin-server"];
      expect(mended?.properties).toMatchObject({ netvm: "sys-bitcoin", maxmem: 4000, default_dispvm: null });
      expect(mended?.features["service.qwbtc-bitcoind"]).toBe("1");
      expect(mended?.volumes["private"]?.["size"]).toBe(2000 * 2 ** 30);
      expect(applied.runs[1]?.changed).toEqual([]);
    });

    it("a gateway with bridges is made without net qube, not started, and keeps the net qube that the user gives it", async () => {
      const text = topology({ gateway: "bridges: by-hand" });
      const applied = await apply(text, salt);
      expectGood(applied);
      const made = applied.runs[0]?.after.qubes["sys-bitcoin"];
      expect(made).toMatchObject({ power_state: "Halted", properties: { netvm: null, provides_network: true } });
      const world = drifted(applied);
      Object.assign(world.qubes["sys-bitcoin"]?.properties ?? {}, { netvm: "sys-firewall" });
      const again = await apply(text, salt, { world });
      expectGood(again);
      expect(again.runs[0]?.after.qubes["sys-bitcoin"]?.properties["netvm"]).toBe("sys-firewall");
    });

    it("a qube keeps the address that its gateway's onion service ends at", async () => {
      const text = topology({ node: "onion: { p2p: static, via: network, ip: 10.137.200.1 }" });
      const applied = await apply(text, salt);
      expectGood(applied);
      expect(applied.runs[0]?.after.qubes["bitcoin-server"]?.properties).toMatchObject({ ip: "10.137.200.1" });
    });

    it("a gateway that is to expose something and runs on the stock template is not changed under the qubes behind it, and that is said", async () => {
      const world = drifted(fresh);
      const applied = await apply(topology({ node: "onion: { p2p: static }" }), salt, { world, runs: 1 });
      expect(applied.runs[0]?.failed).toContain("qwbtc-prefs-sys-bitcoin");
      expect(applied.runs[0]?.after.qubes["sys-bitcoin"]?.properties["template"]).toBe("whonix-gateway-18");
    });

    it("a refused setting of one qube never leaves another with a net qube that it must not have", async () => {
      const world = drifted(fresh);
      Object.assign(world.qubes["bitcoin-server"]?.properties ?? {}, {
        netvm: "sys-firewall",
        template: "whonix-workstation-18",
      });
      Object.assign(world.qubes["bitcoin-server"] ?? {}, { power_state: "Running" }); // its template cannot be changed while it runs
      const applied = await apply(topology(), salt, { world, runs: 1 });
      expect(applied.runs[0]?.failed).toContain("qwbtc-prefs-bitcoin-server");
      expect(applied.runs[0]?.after.qubes["bitcoin-server"]?.properties["netvm"]).toBe("sys-bitcoin");
    });
  });
});
