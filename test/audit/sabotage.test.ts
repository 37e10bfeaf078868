// SPDX-License-Identifier: GPL-3.0-or-later
/** Every harm is found by the right code, and no twin of one by any. `npm run sabotage` prints the counts. */
import { describe, expect, it } from "vitest";
import { auditTree, study } from "../../src/audit/audit.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { examples } from "../compiled.ts";
import { good, type HarmClass } from "./harm.ts";
import { onCalls } from "./harms/calls.ts";
import { onEffects } from "./harms/effects.ts";
import { onFiles } from "./harms/files.ts";
import { onGuards } from "./harms/guards.ts";
import { onNetworks } from "./harms/networks.ts";
import { onPolicies } from "./harms/policies.ts";
import { onSettings } from "./harms/settings.ts";
import { onTor } from "./harms/tor.ts";
import { onUnits } from "./harms/units.ts";

const classes: readonly HarmClass[] = [
  ...onPolicies,
  ...onCalls,
  ...onNetworks,
  ...onGuards,
  ...onFiles,
  ...onEffects,
  ...onUnits,
  ...onTor,
  ...onSettings,
];

const codesOf = (tree: Tree) => auditTree(study(tree)).map(({ code, say }) => `${code} ${say}`);

describe("a finished tree", () => {
  it.each(examples)("as it was built gives no finding: %s", (example) => {
    expect(codesOf(good(example))).toEqual([]);
  });
});

describe.each(classes)("$name", ({ codes, harms, twins }) => {
  it("is found, each time, by the right code", () => {
    const missed: string[] = [];
    for (const { what, tree } of harms()) {
      const found = codesOf(tree);
      if (!found.some((one) => codes.some((code) => one.startsWith(code))))
        missed.push(`${what}: ${found.join("; ") || "nothing found"}`);
    }
    expect(missed).toEqual([]);
  });

  it("has harmless twins, which give no finding", () => {
    const blamed: string[] = [];
    let count = 0;
    for (const { what, tree } of twins()) {
      count += 1;
      const found = codesOf(tree);
      if (found.length > 0) blamed.push(`${what}: ${found.join("; ")}`);
    }
    expect(blamed).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});

it("counts", () => {
  const count = (which: "harms" | "twins") => classes.map((one) => [...one[which]()].length).reduce((a, b) => a + b, 0);
  console.log(`sabotage: ${count("harms")} harms in ${classes.length} classes, ${count("twins")} harmless twins`);
  expect(new Set(classes.map(({ name }) => name)).size).toBe(classes.length);
});
