// SPDX-License-Identifier: GPL-3.0-or-later
/** Whose signature counts, however the key blocks come, by the real gpg and gpgv: what one of them says against a key holds, whatever another leaves out. */
import { afterAll, describe, expect, it } from "vitest";
import { Keys, whyNoBringing } from "./keys.ts";
import { refusedWith } from "./refusals.ts";
import { digest, release, withYard, Yard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const keys = why === undefined ? new Keys() : (undefined as unknown as Keys);
afterAll(() => keys?.remove());

const good = why === undefined ? release("2.0") : Buffer.alloc(0);
const file = "daemon-2.0-linux.tar.gz";
const sums = `${digest(good)}  ${file}\n`;

/** A recipe that asks for signatures of all signers, and for these files of key blocks. */
const recipe = (yard: Yard, signers: readonly string[], files: readonly string[]) => {
  const pinned = signers.map((one) => keys.of(one));
  const signed = { by: "sums", sums: "SUMS", signature: "SUMS.asc", keys: pinned, threshold: pinned.length } as const;
  yard.recipe("2.0", { signed }, { keys: files });
};

describe(`key blocks${named}`, () => {
  test("are read by nobody, and the program by all, whatever mask root's shell has", () => {
    withYard((yard) => {
      recipe(yard, ["ann"], ["keys.asc"]);
      yard.send({ [file]: good, SUMS: sums, "SUMS.asc": keys.sign(sums, ["ann"]), "keys.asc": keys.block(["ann"]) });
      const { status, said } = yard.runAfter("umask 077", "collect");
      expect(status, said).toBe(0);
      const modes = ["2.0", "2.0/.brought.json", "2.0/bin/daemon", "status.json"].map((one) => yard.mode(one));
      expect(modes).toEqual(["755", "644", "755", "644"]);
    });
  });
});
