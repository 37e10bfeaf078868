// SPDX-License-Identifier: GPL-3.0-or-later
/** Whenever the script that brings programs is killed, and whatever a source does while it is looked at: what is in use is whole, and was checked. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { whyNoBringing } from "./keys.ts";
import { digest, release, Yard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const yards: Yard[] = [];
afterEach(() => {
  for (const yard of yards.splice(0)) yard.remove();
});
const fresh = () => {
  const yard = new Yard();
  yards.push(yard);
  return yard;
};

describe(`at any moment${named}`, () => {
  test(
    "kill -9 leaves the old version or the new one in use, whole, and the next run goes on",
    { timeout: 300_000 },
    async () => {
      const rounds = 25;
      const bytes = release(
        "2.0",
        Array.from({ length: 300 }, (_one, at) => ({ name: `share/${at}`, text: "x".repeat(2000) })),
      );
      const seen = { old: 0, new: 0 };
      const began = Date.now();
      const yard = fresh();
      yard.bring("1.0");
      yard.run("collect");
      yard.bring("2.0", {}, bytes);
      yard.run("collect");
      const whole = Date.now() - began;
      for (let round = 0; round < rounds; round++) {
        const one = fresh();
        one.bring("1.0");
        one.run("collect");
        one.bring("2.0", {}, bytes);
        const child = one.start(["collect"]);
        const ended = new Promise((done) => void child.once("close", done));
        await sleep(Math.random() * whole);
        child.kill("SIGKILL");
        await ended;
        const inUse = one.inUse();
        expect(["1.0", "2.0"]).toContain(inUse);
        seen[inUse === "2.0" ? "new" : "old"] += 1;
        const { status, said } = one.run("collect");
        expect([status, one.inUse(), one.leftovers()], said).toEqual([0, "2.0", []]);
        expect(readdirSync(one.at("2.0/share"))).toHaveLength(301);
        expect(one.refused()).toEqual({});
        one.remove();
      }
      console.log(
        `kills while a program is put in place: ${rounds} (${seen.old} left the old one, ${seen.new} the new one)`,
      );
    },
  );

  test(
    "a source that is swapped while it is looked at: what is in use is what was checked",
    { timeout: 300_000 },
    async () => {
      const good = release("2.0", [{ name: "big", text: "good ".repeat(200_000) }]);
      const bad = release("6.6", [{ name: "big", text: "evil ".repeat(200_000) }]);
      let taken = 0;
      let swapped = 0;
      for (let round = 0; round < 4; round++) {
        const yard = fresh();
        const file = yard.recipe("2.0", { sha256: digest(good) });
        writeFileSync(path.join(yard.root, "good"), good);
        writeFileSync(path.join(yard.root, "bad"), bad);
        const at = path.join(yard.incoming(), file);
        // By turns one is renamed into place, and the other written over it.
        const swap =
          'i=0; while [ $i -lt 400 ]; do cp "$1/good" "$1/n"; mv "$1/n" "$2"; cat "$1/bad" 1<>"$2"; i=$((i+1)); done';
        const writer = spawn("sh", ["-c", swap, "swap", yard.root, at], { stdio: "ignore" });
        const ended = new Promise((done) => void writer.once("close", done));
        for (let turn = 0; turn < 6 && yard.inUse() === undefined; turn++) {
          const { said } = yard.run("collect");
          expect(said).not.toContain("Traceback");
        }
        writer.kill("SIGKILL");
        await ended;
        expect([undefined, "2.0"]).toContain(yard.inUse());
        if (yard.inUse() !== undefined) {
          expect(readFileSync(yard.at("2.0/big"), "utf8").startsWith("good good")).toBe(true);
          taken += 1;
        }
        swapped += Object.keys(yard.refused()).length;
        yard.remove();
      }
      console.log(`swapped while it was looked at: ${taken} good ones taken, ${swapped} refused`);
      expect(taken + swapped).toBeGreaterThan(0);
    },
  );
});
