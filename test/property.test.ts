// SPDX-License-Identifier: GPL-3.0-or-later
/** Thousands of made-up topologies: what is accepted builds and contains nothing that could act, what is not is refused with a place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { analyse, compile } from "../src/compile.ts";
import { deceptive } from "../src/kernel/printable.ts";
import { nearest } from "../src/kernel/suggest.ts";
import { findings, topology } from "./compiled.ts";
import { nasty } from "./nasty.ts";

/** Every place in a topology that takes a text. */
const places: readonly ((text: string) => object)[] = [
  (text) => ({ formula: text }),
  (text) => ({ platform: { qubes: text, whonix: 18 } }),
  (text) => ({ platform: { qubes: "4.3", whonix: 18, memory: text } }),
  (text) => ({ updates: text }),
  (text) => ({ external: { [text]: { kind: "net" } } }),
  (text) => ({ external: { x: { kind: text } } }),
  (text) => ({ [text]: "x" }),
  (text) => ({ more: { [text]: { role: "bitcoind", netvm: "sys-bitcoin" } } }),
  ...[
    { role: "fulcrum", bitcoind: "" },
    { role: "electrum-wallet", server: "" },
    { role: "joinmarketd", netvm: "" },
    { role: "joinmarket-wallet", joinmarketd: "sys-bitcoin", bitcoind: "" },
    { role: "downloader", netvm: "" },
  ].flatMap((entry) => Object.keys(entry).map((key) => (text: string) => ({ more: { x: { ...entry, [key]: text } } }))),
  (text) => ({ more: { x: { role: "electrum-wallet", server: { qube: text, port: 50011 } } } }),
  (text) => ({ more: { x: { role: "electrum-wallet", server: { qube: "y", port: text } } } }),
  (text) => ({ more: { x: { role: "electrum-wallet", server: "y", others: [{ qube: text, port: 50011 }] } } }),
  ...["role", "netvm", "chain", "version", "onion"].map((key) => (text: string) => ({ node: { [key]: text } })),
  (text) => ({ node: { onion: { p2p: text } } }),
  ...["label", "memory", "autostart", "private", "pool", "menu_items"].map((key) => (text: string) => ({
    node: { vm: { [key]: text } },
  })),
  (text) => ({ node: { vm: { menu_items: [text] } } }),
  (text) => ({ node: { vm: { tags: [text] } } }),
  (text) => ({ node: { vm: { features: { [text]: "x" } } } }),
  (text) => ({ node: { vm: { features: { x: text } } } }),
];

function written(changes: Record<string, unknown>): string {
  const { node, more, ...head } = changes as { node?: object; more?: object };
  const qubes = {
    "sys-bitcoin": { role: "whonix-gateway" },
    "bitcoin-server": { role: "bitcoind", netvm: "sys-bitcoin", ...node },
    ...more,
  };
  return stringify(
    { formula: "qwbtc", platform: { qubes: "4.3", whonix: 18 }, qubes, ...head },
    { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 },
  );
}

describe("any text at any place", () => {
  it("is refused with a place, or lands in a tree in which it means nothing", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), nasty, (place, text) => {
        const { value, diagnostics } = compile({ name: "t", text: written(place(text) as Record<string, unknown>) });
        if (!value) {
          const errors = diagnostics.filter((one) => one.severity === "error");
          expect(errors.length).toBeGreaterThan(0);
          for (const { span } of errors) expect(span?.line).toBeGreaterThan(0);
          return;
        }
        accepted++;
        for (const [path, file] of value.tree) {
          expect(deceptive(file.text), path).toBeUndefined();
          if (/\.(?:sls|top)$/.test(path)) expect(file.text, path).not.toMatch(/\{[{%#]/);
        }
      }),
      { numRuns: 3000, seed: 21 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it("any bytes at all as a topology: a finding or a model, never an exception", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.json(), fc.string({ maxLength: 200 })),
        (text) => {
          const { value, diagnostics } = analyse({ name: "t", text });
          expect(value !== undefined || diagnostics.length > 0).toBe(true);
        },
      ),
      { numRuns: 3000, seed: 3 },
    );
  });
});

describe("valid topologies", () => {
  const name = fc
    .stringMatching(/^[a-z][a-z0-9-]{2,12}$/)
    .filter((one) => !/-dm$|^disp|^default|^none$|^sys-|^whonix-|^fedora-|^debian-|-(?:gw|ws)-/.test(one));
  const vm = fc.record(
    {
      label: fc.constantFrom("red", "black", "purple"),
      vcpus: fc.integer({ min: 1, max: 64 }),
      autostart: fc.boolean(),
      include_in_backups: fc.boolean(),
      private: fc.constantFrom("2TiB", "1500GiB"),
      pool: fc.constantFrom("vm-pool", "varlibqubes", "big_disk.2"),
      shutdown_timeout: fc.integer({ min: 60, max: 3600 }),
      tags: fc.uniqueArray(fc.constantFrom("one", "two", "Three_3"), { maxLength: 3 }),
      features: fc.dictionary(fc.constantFrom("x-a", "x.b", "x_c"), fc.stringMatching(/^[A-Za-z0-9._/:-]{0,20}$/), {
        maxKeys: 3,
      }),
    },
    { requiredKeys: [] },
  );
  const system = fc.record({
    formula: fc.constantFrom("qwbtc", "a", "second-one"),
    release: fc.constantFrom(["4.3", 18] as const, ["4.2", 17] as const),
    gateways: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    nodes: fc.uniqueArray(name, { minLength: 0, maxLength: 5 }),
    vms: fc.array(vm, { minLength: 8, maxLength: 8 }),
    picks: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  });

  it("all build, and pass everything that reads them back", () => {
    fc.assert(
      fc.property(system, ({ formula, release: [qubes, whonix], gateways, nodes, vms, picks }) => {
        const gates = gateways.map((one) => `gw-${one}`);
        const entries = [
          ...gates.map((one, at) => [
            one,
            { role: "whonix-gateway", bridges: picks[at]! % 3 === 0 ? "by-hand" : "none", vm: vms[at] },
          ]),
          ...nodes.map((one, at) => [
            `n-${one}`,
            {
              role: "bitcoind",
              netvm: gates[picks[at]! % gates.length],
              version: picks[at]! % 2 === 0 ? "31.1" : "30.3",
              ...(picks[at]! % 5 < 2 && { onion: { p2p: "ephemeral" } }),
              vm: vms[at],
            },
          ]),
          // Each node may have a server and wallets, and any two nodes a wallet that reaches both servers.
          ...nodes.flatMap((one, at): [string, object][] => {
            if (picks[at]! % 3 === 0) return [];
            const next = nodes.findIndex((_node, other) => other > at && picks[other]! % 3 !== 0);
            const others = next === -1 ? {} : { others: [{ qube: `e-${nodes[next]}`, port: 50100 + at }] };
            return [
              [`e-${one}`, { role: "fulcrum", bitcoind: `n-${one}` }],
              [`w-${one}`, { role: "electrum-wallet", server: `e-${one}`, ...others }],
              [`j-${one}`, { role: "joinmarketd", netvm: gates[picks[at]! % gates.length] }],
              [
                `k-${one}`,
                {
                  role: "joinmarket-wallet",
                  joinmarketd: `j-${one}`,
                  bitcoind: picks[at]! % 2 === 0 ? `n-${one}` : { qube: `n-${one}`, port: 20000 + at },
                  payjoin: picks[at]! % 4 === 1,
                },
              ],
              [`d-${one}`, { role: "downloader", netvm: gates[0] }],
            ];
          }),
        ];
        const updates = picks[7]! % 2 === 0 ? { updates: gates[0] } : {};
        const text = stringify(
          { formula, platform: { qubes, whonix }, ...updates, qubes: Object.fromEntries(entries) },
          { aliasDuplicateObjects: false },
        );
        const { value, diagnostics } = compile({ name: "t", text });
        expect(diagnostics.filter((one) => one.severity === "error").map((one) => one.say)).toEqual([]);
        expect(value?.tree.size).toBeGreaterThan(10);
      }),
      { numRuns: 400, seed: 5 },
    );
  });

  it("with one key misspelt: refused at that key, and the right one is suggested", () => {
    fc.assert(
      fc.property(fc.constantFrom("netvm", "role", "qubes", "formula", "platform"), fc.nat(), (key, pick) => {
        const at = 1 + (pick % (key.length - 2));
        const wrong = key.slice(0, at) + key.slice(at + 1);
        const text = topology().replace(`${key}:`, `${wrong}:`);
        const { diagnostics } = analyse({ name: "t", text });
        expect(
          diagnostics.some(
            (one) => one.say.includes(`(did you mean "${key}"?)`) || one.say.includes(`needs the key "${key}"`),
          ),
          text,
        ).toBe(true);
        expect(findings(text).length).toBeGreaterThan(0);
      }),
    );
  });
});

it("a suggestion is never farther than a third of the word", () => {
  expect(nearest("bitcon", ["bitcoind", "whonix-gateway"])).toBe("bitcoind");
  expect(nearest("zzzzzz", ["bitcoind", "whonix-gateway"])).toBeUndefined();
  expect(nearest("lable", ["label", "table"])).toBe("label");
});
