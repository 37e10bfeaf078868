// SPDX-License-Identifier: GPL-3.0-or-later
/** The recipe of now is what counts: what an earlier one let in under the same name is looked at again, also where it is in use. */
import { existsSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { Keys, whyNoBringing } from "./keys.ts";
import { digest, release, withYard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const keys = why === undefined ? new Keys() : (undefined as unknown as Keys);
afterAll(() => keys?.remove());

const made = (text: string) => (why === undefined ? release("2.0", [{ name: "note", text }]) : Buffer.alloc(0));
const [first, second] = [made("first"), made("second")];
const wheel = "a wheel";
const more = [{ file: "a.whl", sha256: digest(wheel) }];
const file = "daemon-2.0-linux.tar.gz";

describe(`another digest under the same name${named}`, () => {
  test("what was found right by an earlier recipe and waits for the rest is refused, and the right one at hand is taken at once", () => {
    withYard((yard) => {
      yard.recipe("2.0", { sha256: digest(first) }, { more });
      yard.send({ [file]: first });
      expect(yard.run("collect").status).toBe(1);
      expect(existsSync(yard.at("verified", file))).toBe(true);
      yard.recipe("2.0", { sha256: digest(second) }, { more });
      yard.send({ [file]: second, "a.whl": wheel });
      const { status, said } = yard.run("collect");
      expect([status, yard.inUse()], said).toEqual([0, "2.0"]);
      expect(yard.run("status").said).toMatch(/refused: .*its sha256 is .* and must be/);
      expect(yard.noteOf("2.0")).toBe("second");
    });
  });

  test("what signatures let in is refused when others must have signed", () => {
    withYard((yard) => {
      const signature = `${file}.asc`;
      const recipe = (signer: string) => {
        const signed = { by: "itself", signature, keys: [keys.of(signer)], threshold: 1 } as const;
        yard.recipe("2.0", { signed }, { keys: ["keys.asc"], more });
      };
      recipe("ann");
      yard.send({ [file]: first, [signature]: keys.sign(first, ["ann"]), "keys.asc": keys.block(["ann"]) });
      yard.run("collect");
      expect(existsSync(yard.at("verified", file))).toBe(true);
      recipe("bob");
      yard.send({ "a.whl": wheel, "keys.asc": keys.block(["bob"]) });
      expect(yard.run("collect").status).toBe(1);
      expect(yard.inUse()).toBeUndefined();
      yard.send({ [signature]: keys.sign(first, ["bob"]) });
      expect(yard.run("collect").status).toBe(0);
    });
  });

  test("what is in use is said not to be it, stays until the right one has come, and is then replaced", () => {
    withYard((yard) => {
      yard.bring("2.0", {}, first);
      expect(yard.run("collect").status).toBe(0);
      yard.recipe("2.0", { sha256: digest(second) });
      expect(yard.run("collect").status).toBe(1);
      const { status, said } = yard.run("status");
      expect(status).toBe(1);
      expect(said).toMatch(
        /2\.0: not in use\n.*checked by another digest.*\n.*2\.0 stays in use until the right one has come/,
      );
      expect(said).toContain(`${file} has not come`);
      expect([yard.inUse(), yard.noteOf("2.0")]).toEqual(["2.0", "first"]);
      yard.send({ [file]: second });
      expect(yard.run("collect").status).toBe(0);
      expect([yard.inUse(), yard.noteOf("2.0")]).toEqual(["2.0", "second"]);
      expect(yard.run("status")).toEqual({ status: 0, said: "Daemon 2.0: in use\n" });
      expect([yard.leftovers(), existsSync(yard.at(".old"))]).toEqual([[], false]);
    });
  });

  test("of the tar in it: likewise, and another compression of the same tar is no other", () => {
    withYard((yard) => {
      const raw = gunzipSync(first);
      yard.recipe("2.0", { tar_sha256: digest(raw) });
      yard.send({ [file]: gzipSync(raw, { level: 1 }) });
      expect(yard.run("collect").status).toBe(0);
      expect(yard.run("collect").status).toBe(0);
      yard.recipe("2.0", { tar_sha256: digest(gunzipSync(second)) });
      expect(yard.run("collect").status).toBe(1);
      expect(yard.run("status")).toMatchObject({ status: 1 });
    });
  });
});
