// SPDX-License-Identifier: GPL-3.0-or-later
import { expect } from "vitest";
import type { Yard } from "./yard.ts";

let refusals = 0;

/** How many bad artifacts were refused in this file. */
export const refusedSoFar = () => refusals;

/** A round that puts nothing in place, for a reason that `status` tells; a second one has nothing new to say. */
export function refusedWith(yard: Yard, reason: RegExp): void {
  const { status, said } = yard.run("collect");
  expect(status, said).toBe(1);
  expect(said).not.toContain("Traceback");
  expect(yard.inUse()).toBeUndefined();
  expect(yard.leftovers()).toEqual([]);
  expect(yard.run("status").said).toMatch(reason);
  const again = yard.run("collect");
  expect(again.status).toBe(1);
  expect(again.said).not.toMatch(/refused: /);
  refusals += 1;
}
