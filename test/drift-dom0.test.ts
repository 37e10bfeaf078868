// SPDX-License-Identifier: GPL-3.0-or-later
/** What was changed by hand in dom0 since the last apply, one kind after the other: repaired, reported by its state, and nothing else is touched. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import { compiled, topology } from "./compiled.ts";
import { applyTwice, inState, type World } from "./dom0/dom0.ts";
import { writePillar } from "./pillar.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts } from "./salts/salts.ts";

const refused = whyNoSandbox();
const named = refused === undefined ? "" : ` (skipped: ${refused})`;
const scratch = mkdtempSync(path.join(tmpdir(), "drift-dom0-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const NODE = "bitcoin-server";
const system = compiled(
  topology({
    node: "vm: { tags: [mine], features: { x-note: one }, menu_items: [a.desktop] }",
    more: "  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }",
  }),
);

interface Drifting {
  readonly properties: Record<string, unknown>;
  readonly features: Record<string, string>;
  readonly volumes: Record<string, Record<string, unknown>>;
  tags: string[];
}

/** By the state that repairs it. */
const hands: readonly [what: string, state: string, does: (node: Drifting) => unknown][] = [
  ["net qube", "network", (node) => (node.properties["netvm"] = "sys-firewall")],
  ["disposable", "network", (node) => (node.properties["default_dispvm"] = "whonix-workstation-18-dvm")],
  ["provides network", "network", (node) => (node.properties["provides_network"] = true)],
  ["label", "prefs", (node) => (node.properties["label"] = "green")],
  ["memory", "prefs", (node) => (node.properties["memory"] = 777)],
  ["maxmem", "prefs", (node) => (node.properties["maxmem"] = 7777)],
  ["processors", "prefs", (node) => (node.properties["vcpus"] = 7)],
  ["autostart", "prefs", (node) => (node.properties["autostart"] = true)],
  ["backups", "prefs", (node) => (node.properties["include_in_backups"] = true)],
  ["qrexec timeout", "prefs", (node) => (node.properties["qrexec_timeout"] = 61)],
  ["shutdown timeout", "shutdown-timeout", (node) => (node.properties["shutdown_timeout"] = 61)],
  ["template", "prefs", (node) => (node.properties["template"] = "whonix-workstation-18")],
  ["a service off", "settings", (node) => (node.features["service.qwbtc-bitcoind"] = "")],
  ["a service gone", "settings", (node) => delete node.features["service.qwbtc-bitcoind"]],
  ["a stock service on", "settings", (node) => (node.features["service.cups"] = "1")],
  ["a feature", "settings", (node) => (node.features["x-note"] = "two")],
  ["menu entries", "settings", (node) => (node.features["menu-items"] = "firefox.desktop")],
  ["a tag of the topology's", "settings", (node) => (node.tags = node.tags.filter((tag) => tag !== "mine"))],
  [
    "old copies of the volume",
    "revisions",
    (node) => (node.volumes["private"] = { ...node.volumes["private"], revisions_to_keep: 2 }),
  ],
];

describe.skipIf(refused !== undefined)(`drift in dom0${named}`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Awaited<ReturnType<typeof salts>>[number]];
  const { tree, model } = system;

  it("of a qube's settings is repaired and reported; what is the user's stays", { timeout: 900_000 }, async () => {
    publish(tree, path.join(scratch, "tree"));
    writePillar(model, path.join(scratch, "pillar"));
    const options = { formula: "qwbtc", salt, pillar: path.join(scratch, "pillar") };
    const fresh = await applyTwice(path.join(scratch, "tree"), { ...options, runs: 1 });
    const good = fresh.runs[0]?.after as World;
    // At once what different states repair; each by itself is reported all the same.
    const states = [...new Set(hands.map(([, state]) => state))];
    const ofState = (state: string) => hands.filter(([, one]) => one === state);
    for (let round = 0; round < Math.max(...states.map((one) => ofState(one).length)); round++) {
      const together = states.flatMap((state) => ofState(state).slice(round, round + 1));
      const what = together.map(([one]) => one).join(", ");
      const world = structuredClone(good) as unknown as { qubes: Record<string, Drifting> };
      const node = world.qubes[NODE];
      if (!node) throw new Error("no node");
      for (const [, , does] of together) does(node);
      // Nobody's business but the user's.
      node.features["x-mine"] = "1";
      node.tags = [...node.tags, "users-own"];
      const { runs, findings } = await applyTwice(path.join(scratch, "tree"), { ...options, runs: 1, world });
      expect([what, findings, runs[0]?.failed]).toEqual([what, [], []]);
      const reported = together.map(([, state]) => `qwbtc-${state}-${NODE}`);
      expect(runs[0]?.changed, what).toEqual(expect.arrayContaining(reported));
      const mended = structuredClone(runs[0]?.after) as unknown as { qubes: Record<string, Drifting> };
      const made = mended.qubes[NODE] as Drifting;
      expect([made.features["x-mine"], made.tags.includes("users-own")], what).toEqual(["1", true]);
      delete made.features["x-mine"];
      made.tags = made.tags.filter((tag) => tag !== "users-own");
      expect(mended.qubes[NODE], what).toEqual(good.qubes[NODE]);
    }
    console.log(`drift in dom0: ${hands.length} kinds`);
  });

  it("of its files is repaired and reported", { timeout: 300_000 }, async () => {
    const folder = path.join(scratch, "files");
    publish(tree, folder);
    await inState(undefined, async (state) => {
      const options = { formula: "qwbtc", salt, state };
      const fresh = await applyTwice(folder, { ...options, runs: 1 });
      const ours = Object.keys(fresh.runs[0]?.files ?? {}).filter(
        (file) => /qwbtc/.test(file) && file.startsWith("/etc/"),
      );
      expect(ours.toSorted()).toEqual([
        "/etc/qubes/policy.d/45-qwbtc.policy",
        "/etc/qubes/policy.d/80-qwbtc.policy",
        "/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf",
      ]);
      const harms: [string, (file: string) => void][] = [
        ["content", (file) => writeFileSync(file, "# Managed by the qwbtc formula.\n")],
        ["mode", (file) => chmodSync(file, 0o600)],
        ["gone", (file) => rmSync(file)],
      ];
      for (const [what, harm] of harms) {
        for (const file of ours) harm(path.join(state, file));
        const { runs } = await applyTwice(folder, { ...options, runs: 2, keep: true });
        expect(runs[0]?.failed, what).toEqual([]);
        expect(runs[0]?.changed, what).toEqual(
          expect.arrayContaining(["qwbtc-45-qwbtc.policy", "qwbtc-80-qwbtc.policy", "qwbtc-power-off"]),
        );
        for (const file of ours) expect(runs[0]?.files[file], `${what}: ${file}`).toEqual(fresh.runs[0]?.files[file]);
        expect(runs[1]?.changed, what).toEqual([]);
      }
    });
  });
});
