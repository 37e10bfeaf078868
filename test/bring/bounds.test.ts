// SPDX-License-Identifier: GPL-3.0-or-later
/** What is refused does not fill the disk on which the chain lies. */
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { whyNoBringing } from "./keys.ts";
import { digest, release, withYard, type Yard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const file = "daemon-2.0-linux.tar.gz";
const mib = 1 << 20;

/** Sends bytes that are wrong; the name under which they are kept, if they are. */
const wrong = (yard: Yard, letter: string, size: number) => {
  const bytes = Buffer.alloc(size, letter);
  yard.send({ [file]: bytes });
  expect(yard.run("collect").status).toBe(1);
  return `${file}.${digest(bytes).slice(0, 12)}`;
};
const bodies = (yard: Yard) => readdirSync(yard.at("refused")).filter((one) => !one.endsWith(".why"));

describe(`what was refused${named}`, () => {
  test("is kept where it is small, the newest first; where it is large its reason alone, and says so", () => {
    withYard((yard) => {
      yard.recipe("2.0", { sha256: digest(release("2.0")) });
      const large = wrong(yard, "l", 65 * mib);
      expect(bodies(yard)).toEqual([]);
      expect(yard.refused()[file]).toMatch(/sha256 is .* and must be .*was not kept.*copy it here again/);
      const [first, second, third] = [
        wrong(yard, "a", 30 * mib),
        wrong(yard, "b", 30 * mib),
        wrong(yard, "c", 30 * mib),
      ];
      expect(bodies(yard).toSorted()).toEqual([second, third].toSorted());
      expect(readFileSync(yard.at("refused", `${first}.why`), "utf8")).toMatch(/and must be.*\n.*not kept any more/);
      const said = yard.run("status").said;
      for (const one of [large, first, second, third]) expect(said).toContain(`refused: ${one}: its sha256`);
    });
  });

  test("leaves no endless list of reasons, and the newest are the ones that stay", () => {
    withYard((yard) => {
      yard.recipe("2.0", { sha256: digest(release("2.0")) });
      const first = wrong(yard, "a", 10);
      for (let at = 0; at < 150; at++)
        for (const end of ["", ".why"]) {
          const name = yard.at("refused", `${file}.${String(at).padStart(12, "0")}${end}`);
          writeFileSync(name, "x");
          utimesSync(name, 1000 + at, 1000 + at);
        }
      const last = wrong(yard, "b", 10);
      const reasons = readdirSync(yard.at("refused")).filter((one) => one.endsWith(".why"));
      expect([reasons.length, bodies(yard).length]).toEqual([100, 100]);
      expect(reasons).toEqual(expect.arrayContaining([`${first}.why`, `${last}.why`]));
      expect(reasons).not.toContain(`${file}.000000000000.why`);
      expect(statSync(yard.at("status.json")).size).toBeLessThan(100_000);
    });
  });
});
