// SPDX-License-Identifier: GPL-3.0-or-later
/** Every harm is found by the right code, and no twin of one by any. `npm run sabotage` prints the counts. */
import { describe, expect, it } from "vitest";
import { auditTree, study } from "../../src/audit/audit.ts";
import type { Diagnostic } from "../../src/kernel/diagnostic.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { examples } from "../compiled.ts";
import { good, type HarmClass } from "./harm.ts";
import { onCalls } from "./harms/calls.ts";
import { departed, onDepartures } from "./harms/departures.ts";
import { onEffects } from "./harms/effects.ts";
import { onFiles } from "./harms/files.ts";
import { onGuards } from "./harms/guards.ts";
import { onNetworks } from "./harms/networks.ts";
import { onPlaces } from "./harms/places.ts";
import { onPolicies } from "./harms/policies.ts";
import { onPrograms } from "./harms/programs.ts";
import { onProvisions } from "./harms/provisions.ts";
import { onSettings } from "./harms/settings.ts";
import { onTexts } from "./harms/texts.ts";
import { onStates } from "./harms/states.ts";
import { onTor } from "./harms/tor.ts";
import { onUnitLines } from "./harms/unit-lines.ts";
import { onUnits } from "./harms/units.ts";
import { onWorth } from "./harms/worth.ts";

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
  ...onDepartures,
  ...onWorth,
  ...onPrograms,
  ...onTexts,
  ...onUnitLines,
  ...onStates,
  ...onPlaces,
  ...onProvisions,
];

const codesOf = (tree: Tree, blames: (one: Diagnostic) => boolean = () => true) =>
  auditTree(study(tree))
    .filter(blames)
    .map(({ code, say }) => `${code} ${say}`);

/** What good trees deserve: some are made for, or of, what gets no updates any more. */
const ages = ({ code }: Diagnostic) => code === "QB797" || code === "QB798";
const deserved = new Set([...examples.map(good), departed].flatMap((tree) => codesOf(tree, ages)));
const ofSeed = new Set(codesOf(good("seed"), ages));
/** What a tree is blamed for. A note blames nobody: it says what was meant, and why. */
const undeserved = (tree: Tree) =>
  codesOf(tree, ({ severity }) => severity !== "note").filter((one) => !deserved.has(one));

describe("a finished tree", () => {
  it.each(examples)("as it was built gives no finding: %s", (example) => {
    expect(undeserved(good(example))).toEqual([]);
  });

  it("of what gets no updates any more is told so, and only such a one", () => {
    const old = (example: string) =>
      codesOf(good(example)).map((one) => one.replace(/^(QB\d+) (.*?)(?:, for which|:| in [\w-]+ gets).*$/, "$1 $2"));
    expect([...new Set(examples.flatMap(old))].toSorted()).toEqual([
      "QB797 Qubes OS R4.2",
      "QB797 whonix-gw-16",
      "QB797 whonix-ws-16",
      "QB798 Bitcoin Core 23.0",
      "QB798 JoinMarket 0.9.12",
    ]);
  });

  it("that departs from what is safe, with reasons, gives notes and nothing else", () => {
    const found = auditTree(study(departed));
    expect(found.filter(({ severity }) => severity !== "note").map(({ say }) => say)).toEqual([
      expect.stringContaining("JoinMarket 0.9.12 in one"),
      expect.stringContaining("JoinMarket 0.9.12 in two"),
    ]);
    expect(new Set(found.flatMap(({ say }) => /\(because: reason (.)\)$/.exec(say)?.[1] ?? []))).toEqual(
      new Set("abcdefg"),
    );
  });
});

describe.each(classes)("$name", ({ codes, harms, twins }) => {
  it("is found, each time, by the right code", () => {
    const missed: string[] = [];
    for (const { what, tree } of harms()) {
      const found = codesOf(tree).filter((one) => !ofSeed.has(one));
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
      const found = undeserved(tree);
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
