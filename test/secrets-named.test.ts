// SPDX-License-Identifier: GPL-3.0-or-later
/** MANIFEST.json names exactly the secrets that the states read: one that it leaves out would never be made. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Manifest } from "../src/render/manifest.ts";
import { compiled, examples, exampleText } from "./compiled.ts";
import { writePillar } from "./pillar.ts";

const manifestOf = ({ tree }: ReturnType<typeof compiled>) =>
  JSON.parse(tree.get("MANIFEST.json")?.text ?? "") as Manifest;

describe.each(examples)("%s", (name) => {
  const system = compiled(exampleText(name));
  const { secrets } = manifestOf(system);

  it("what its states read from the pillar is what it names, with the same pattern, at the same path", () => {
    const read = [...system.tree].flatMap(([file, { text }]) => {
      const [, qube] = /\/qube\/([^/]+)\.sls$/.exec(file) ?? [];
      if (qube === undefined) return [];
      const states = Object.values(parse(text) as Record<string, { "file.managed"?: object[] }>);
      return states.flatMap((state) => {
        const own = Object.assign({}, ...(state["file.managed"] ?? [])) as Record<string, string>;
        return own["contents_pillar"]
          ? [{ qube, pillar: own["contents_pillar"], path: own["name"], check: own["check_cmd"] }]
          : [];
      });
    });
    const named = Object.entries(secrets).flatMap(([qube, own]) => own.map((one) => ({ qube, ...one })));
    expect(named.map(({ qube, pillar, path }) => ({ qube, pillar, path }))).toEqual(
      expect.arrayContaining(read.map(({ qube, pillar, path }) => ({ qube, pillar, path }))),
    );
    expect(named).toHaveLength(read.length);
    for (const { qube, pillar, check } of named)
      expect(read.find((one) => one.qube === qube && one.pillar === pillar)?.check).toContain(` '${check}' `);
  });

  it("each secret belongs to qubes of the tree, and each hash has the password that it is of", () => {
    const all = Object.entries(secrets).flatMap(([qube, own]) => own.map((one) => ({ qube, ...one })));
    const names = system.model.qubes.map((qube) => qube.name);
    for (const { qube, kind, client, server, pillar } of all) {
      expect(names).toContain(server);
      expect(pillar.split(":").slice(0, 2)).toEqual([system.model.formula, kind]);
      if (kind !== "rpcauth") continue;
      expect(server).toBe(qube);
      expect(secrets[client ?? ""]?.some((one) => one.kind === "rpc" && one.server === qube)).toBe(true);
    }
  });

  it("the made-up pillar of other tests has the same parts", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "pillar-"));
    try {
      writePillar(system.model, folder);
      const parts = readdirSync(folder).filter((file) => file.endsWith(".sls"));
      expect(parts.toSorted()).toEqual(
        Object.keys(secrets)
          .map((qube) => `${qube}.sls`)
          .toSorted(),
      );
      for (const [qube, own] of Object.entries(secrets)) {
        const made = parse(readFileSync(path.join(folder, `${qube}.sls`), "utf8")) as Record<
          string,
          Record<string, object>
        >;
        const keys = Object.entries(made).flatMap(([formula, kinds]) =>
          Object.entries(kinds).flatMap(([kind, texts]) =>
            Object.keys(texts).map((key) => `${formula}:${kind}:${key}`),
          ),
        );
        expect(keys.toSorted()).toEqual(own.map(({ pillar }) => pillar).toSorted());
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
