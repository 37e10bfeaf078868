// SPDX-License-Identifier: GPL-3.0-or-later
/** What the compiler itself writes, across chains, versions and everything that a qube may have, the audit knows: no finding that blames. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { auditTree, study } from "../../src/audit/audit.ts";
import { compiled } from "../compiled.ts";
import { madeUp } from "../made-up.ts";

/**
 * What some of these topologies deserve. QB797, QB798: old releases get no updates any more. QB785, QB787, QB788: `vm:` chose another pool, or what
 * backups take in.
 */
const DESERVED = new Set(["QB797", "QB798", "QB785", "QB787", "QB788"]);

it("of any made-up topology the audit blames nothing", () => {
  const blamed = fc.sample(madeUp, { numRuns: 60, seed: 29 }).flatMap((topology, at) =>
    auditTree(study(compiled(JSON.stringify(topology)).tree))
      .filter(({ severity, code }) => severity !== "note" && !DESERVED.has(code))
      .map(({ code, say, span }) => `${at} ${code} ${say} (${span?.file}:${span?.line})`),
  );
  expect([...new Set(blamed)]).toEqual([]);
}, 120_000);
