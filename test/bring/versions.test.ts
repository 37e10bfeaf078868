// SPDX-License-Identifier: GPL-3.0-or-later
/** From one version of a program to another: forward, back, and where there is no way back. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
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

describe(`another version${named}`, () => {
  test("takes the place of the old one only when it is there; one back is kept, and the way back needs no file", () => {
    const yard = fresh();
    yard.bring("1.0");
    yard.run("collect");
    const bytes = release("2.0");
    yard.recipe("2.0", { sha256: digest(bytes) });
    expect(yard.run("collect").status).toBe(1);
    expect(yard.inUse()).toBe("1.0");
    expect(yard.run("status").said).toContain("1.0 stays in use until then");
    yard.send({ "daemon-2.0-linux.tar.gz": bytes });
    expect(yard.run("collect").status).toBe(0);
    expect([yard.inUse(), existsSync(yard.at("1.0"))]).toEqual(["2.0", true]);
    expect(yard.run("status").said).toContain("1.0 is kept");
    yard.recipe("1.0", { sha256: digest(release("1.0")) });
    expect(yard.run("collect").status).toBe(0);
    expect(yard.inUse()).toBe("1.0");
    yard.bring("3.0");
    yard.run("collect");
    expect(readdirSync(yard.folder).filter((one) => /^\d/.test(one))).toEqual(["1.0", "3.0"]);
  });

  const crossings = [{ since: "2", back: "The index would be lost.", forward: "Convert the index.", source: "x" }];
  test("on the other side of a line: forward with what is to be done, back only when it is meant", () => {
    const yard = fresh();
    yard.bring("1.8.1", { crossings });
    yard.run("collect");
    yard.bring("2.1.1", { crossings });
    expect(yard.run("collect").said).toContain("Convert the index.");
    expect(yard.run("status").said).toContain("To be done: Convert the index.");
    yard.recipe("1.8.1", { sha256: digest(release("1.8.1")) }, { crossings });
    const { status, said } = yard.run("collect");
    expect([status, yard.inUse()], said).toEqual([1, "2.1.1"]);
    expect(yard.run("status").said).toMatch(/2\.1\.1 stays in use.*The index would be lost.*cross daemon/);
    expect(yard.run("cross", "daemon").status).toBe(0);
    expect(yard.inUse()).toBe("1.8.1");
    // On one side there is no line: a version before 10 is older than 10.
    const plain = fresh();
    const far = [{ since: "10", back: "No.", source: "x" }];
    plain.bring("9.9", { crossings: far });
    plain.run("collect");
    plain.bring("9.1", { crossings: far });
    expect(plain.run("collect").status).toBe(0);
  });

  test("on the other side of a line is no less so where the version in use has not the file by which the wanted one is told", () => {
    const yard = fresh();
    yard.bring("2.1.1", { crossings });
    yard.run("collect");
    const older = release("1.8.1", [{ name: "lib/old", text: "x" }]);
    yard.bring("1.8.1", { crossings, needed: "lib/old" }, older);
    const { status, said } = yard.run("collect");
    expect([status, yard.inUse()], said).toEqual([1, "2.1.1"]);
    expect(yard.run("status").said).toContain("The index would be lost.");
    expect(yard.run("cross", "daemon").status).toBe(0);
    expect(yard.inUse()).toBe("1.8.1");
  });

  test("that somebody put there by hand is used, and said to be unchecked", () => {
    const yard = fresh();
    yard.recipe("2.0", { sha256: "0".repeat(64) });
    mkdirSync(yard.at("2.0/bin"), { recursive: true });
    writeFileSync(yard.at("2.0/bin/daemon"), "echo 2.0\n");
    expect(yard.run("collect").status).toBe(0);
    expect(yard.run("status").said).toContain("by hand and not checked here");
  });
});
