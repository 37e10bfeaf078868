// SPDX-License-Identifier: GPL-3.0-or-later
/** Thousands of made-up topologies: what is accepted builds and contains nothing that could act, what is not is refused with a place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { analyse, compile } from "../src/compile.ts";
import { deceptive } from "../src/kernel/printable.ts";
import { nearest } from "../src/kernel/suggest.ts";
import { Collection } from "./cheap-judges.ts";
import { breakages } from "./breakages.ts";
import { findings, topology } from "./compiled.ts";
import { roles } from "../src/roles/index.ts";
import { madeUp } from "./made-up.ts";
import { has } from "./judges.ts";
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

const textOf = (topology: object) => stringify(topology, { aliasDuplicateObjects: false });

it("the judges of many files see what is wrong in one", () => {
  const bad = new Collection();
  const at = (file: string, text: string) => [`x/files/q/${file}`, { text, mode: "0644" }] as const;
  bad.add(
    new Map([
      at("home/user/.joinmarket/joinmarket.cfg", "[DAEMON]\nno_daemon = 0\nhidden_service_dir\n[X\n"),
      at("usr/local/etc/torrc.d/40_q.conf", "SocksPort 0.0.0.0:9401 IsolateClientPort\n"),
      at("usr/local/etc/whonix_firewall.d/40_q.conf", 'INTERNAL_OPEN_PORTS+=" 9401\n'),
    ]),
  );
  const said = bad.complaints().join("\n");
  if (has("python3")) expect(said).toContain("parsing errors");
  expect(said).toMatch(/unexpected EOF|bash: /);
  if (has("tor")) expect(said).toContain("IsolateClientPort");
});

describe("valid topologies, across chains and versions", () => {
  it("all build, and pass everything that reads them back", () => {
    const seen = new Set<string>();
    const files = new Collection();
    fc.assert(
      fc.property(madeUp, (topology) => {
        const { value, diagnostics } = compile({ name: "t", text: textOf(topology) });
        expect(diagnostics.filter((one) => one.severity === "error").map(({ code, say }) => `${code} ${say}`)).toEqual(
          [],
        );
        expect(value?.tree.size).toBeGreaterThan(10);
        if (value) files.add(value.tree);
        for (const { role, chain, version } of Object.values(topology.qubes))
          seen.add(`${role} ${chain ?? ""} ${version ?? ""}`);
      }),
      { numRuns: 1000, seed: 5 },
    );
    // The programs that read the files have nothing to say about any of them.
    expect(files.texts.joinmarket.size).toBeGreaterThan(100);
    expect(files.texts.torrc.size).toBeGreaterThan(20);
    expect(files.complaints()).toEqual([]);
    // Every version of every program, and every chain with every version of a node that knows it.
    const programs = roles.flatMap(
      ({ name, program }) => program?.releases.map((one) => `${name} ${one.version}`) ?? [],
    );
    for (const one of programs.filter((one) => !one.startsWith("bitcoind")))
      expect([...seen].map((key) => key.replace("  ", " "))).toContain(one);
    expect([...seen].filter((key) => key.startsWith("bitcoind ")).length).toBeGreaterThan(15);
  }, 900_000);

  it("with one mistake in them: refused, by its code, at a place in the file", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(madeUp, fc.constantFrom(...breakages), fc.nat(), (topology, { what, codes, apply }, pick) => {
        const broken = apply(topology, pick);
        if (!broken) return;
        met.set(what, (met.get(what) ?? 0) + 1);
        const { value, diagnostics } = analyse({ name: "t", text: textOf(broken) });
        const errors = diagnostics.filter((one) => one.severity === "error");
        expect(
          errors.map((one) => one.code).filter((code) => codes.includes(code)),
          `${what}: ${textOf(broken)}`,
        ).not.toEqual([]);
        for (const { span } of errors) expect(span?.line).toBeGreaterThan(0);
        expect(value === undefined || errors.length > 0).toBe(true);
      }),
      { numRuns: 5000, seed: 13 },
    );
    expect([...met.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(3000);
    expect(breakages.map(({ what }) => what).filter((what) => !met.has(what))).toEqual([]);
  }, 900_000);

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
