// SPDX-License-Identifier: GPL-3.0-or-later
/** What MANIFEST.json says that the dom0 states set, against what the real Salt makes of those states. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import { compiled, examples, exampleText, topology } from "./compiled.ts";
import { applyTwice } from "./dom0/dom0.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts, type Salt } from "./salts/salts.ts";

type Low = Readonly<Record<string, unknown>>;
type Part = Record<string, unknown>;

const refused = whyNoSandbox();
const scratch = mkdtempSync(path.join(tmpdir(), "manifest-dom0-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** One map of a list of maps with one key each. */
const merged = (list: unknown): Part => Object.assign({}, ...((list ?? []) as object[])) as Part;

/** What the low states set of each qube, in the manifest's words. */
function fromStates(low: readonly Low[], formula: string): { qubes: Record<string, Part>; started: string[] } {
  const qubes: Record<string, Part> = {};
  const of = (name: unknown) => (qubes[String(name)] ??= { features: {}, services: {}, tags: [] });
  for (const chunk of low) {
    const { state, fun, name } = chunk;
    if (state === "qvm" && fun === "vm") {
      const qube = of(name);
      const once = String(chunk["__id__"]).startsWith(`${formula}-first-network-`);
      if (!once) {
        for (const [key, value] of Object.entries(merged(chunk["prefs"]))) {
          qube[key.replaceAll("-", "_")] = value === "none" ? null : value;
        }
      }
      const service = merged(chunk["service"]);
      for (const [verb, on] of [
        ["enable", true],
        ["disable", false],
      ] as const)
        for (const one of (service[verb] ?? []) as string[]) (qube["services"] as Part)[one] = on;
      Object.assign(qube["features"] as Part, merged(merged(chunk["features"])["set"]));
      (qube["tags"] as string[]).push(...((merged(chunk["tags"])["add"] ?? []) as string[]));
      if (chunk["firewall"]) qube["firewall"] = merged(chunk["firewall"])["set"];
      if (chunk["present"]) qube["klass"] = "AppVM";
    }
    if (state === "qvm" && fun === "clone") Object.assign(of(name), { klass: "TemplateVM", stock: chunk["source"] });
    if (state === "cmd") {
      const words = String(name).split(" ");
      const [volume, value] = [words[3]?.split(":")[0], Number(words.at(-1))];
      if (words[0] === "qvm-volume" && words[1] === "resize") of(volume)["volume"] = value;
      if (words[0] === "qvm-volume" && words[1] === "config") of(volume)["revisions_to_keep"] = value;
      if (words[0] === "qvm-prefs") of(words[2])["shutdown_timeout"] = value;
      if (words[0] === "qvm-create") of(words.at(-1))["pool"] = words[words.indexOf("-P") + 1];
    }
  }
  const started = low.filter(({ state, fun }) => state === "qvm" && fun === "start").map(({ name }) => String(name));
  return { qubes, started };
}

const everything =
  "vm: { label: orange, memory: 900, maxmem: 3000, vcpus: 3, autostart: true, include_in_backups: true, qrexec_timeout: 400, shutdown_timeout: 1200, private: 1500GiB, pool: varlibqubes, menu_items: [a.desktop], features: { x-note: '1' }, tags: [mine] }";
const texts: [string, string][] = [
  ...examples.map((name): [string, string] => [name, exampleText(name)]),
  ["every option of a qube", topology({ head: "updates: sys-bitcoin", node: everything })],
  ["a gateway with bridges", topology({ gateway: "bridges: by-hand" })],
  ["an address that is pinned", topology({ node: "onion: { p2p: static, via: network, ip: 10.137.200.1 }" })],
];

describe.skipIf(refused !== undefined)(
  refused === undefined
    ? "MANIFEST.json and the dom0 states"
    : `MANIFEST.json and the dom0 states (skipped: ${refused})`,
  async () => {
    const [salt] = (refused === undefined ? await salts() : []) as [Salt];

    it.each(texts)("agree: %s", async (name, text) => {
      const { tree, model } = compiled(text);
      const folder = path.join(scratch, name.replaceAll(" ", "-"));
      publish(tree, folder);
      const { minions } = await applyTwice(folder, {
        formula: model.formula,
        salt,
        release: model.platform.qubes,
        runs: 0,
      });
      const low = minions["dom0"]?.low ?? [];
      const manifest = JSON.parse(tree.get("MANIFEST.json")?.text ?? "") as {
        qubes: Record<string, { dom0: Part; leftToUser?: true }>;
        templates: Record<string, Part>;
        stock: Record<string, { repository: string }>;
        policies: string[];
      };
      const { qubes, started } = fromStates(low, model.formula);
      const said: Record<string, Part> = { ...manifest.templates };
      for (const [qube, { dom0 }] of Object.entries(manifest.qubes)) {
        const { started: up, adopts, ...rest } = dom0;
        said[qube] = rest;
        expect(started.includes(qube), qube).toBe(up === true);
        expect(JSON.stringify(low.filter((one) => one["__id__"] === `${model.formula}-guard-adopt-${qube}`))).toContain(
          `grep -Eq '${String(adopts)}'`,
        );
      }
      for (const [one, part] of Object.entries(qubes)) {
        if (manifest.templates[one]) {
          delete part["services"];
        }
      }
      expect(said).toEqual(qubes);
      const installed = low.filter(({ fun }) => fun === "template_installed");
      expect(Object.fromEntries(installed.map((one) => [one["name"], one["fromrepo"]]))).toEqual(
        Object.fromEntries(Object.entries(manifest.stock).map(([one, { repository }]) => [one, repository])),
      );
      const written = low.filter(({ name: at }) => String(at).startsWith("/etc/qubes/policy.d/"));
      expect(written.map(({ name: at }) => path.basename(String(at)))).toEqual(manifest.policies);
    });
  },
);
