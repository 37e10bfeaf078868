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

  test("of one key are read together: a revocation counts, whichever block and file it stands in, and whatever stands after it", () => {
    const signature = keys.sign(sums, ["ann", "rev"]);
    const [before, ann] = [keys.block(["rev"]), keys.block(["ann"])];
    keys.revoke("rev");
    const after = keys.block(["rev"]);
    const empty = keys.block(["other"]);
    const ways: [Buffer, Buffer][] = [
      [after, before],
      [before, after],
      [Buffer.concat([after, before]), empty],
      [Buffer.concat([before, after]), empty],
    ];
    for (const [one, two] of ways)
      withYard((yard) => {
        recipe(yard, ["ann", "rev"], ["ann.asc", "one.asc", "two.asc"]);
        yard.send({ [file]: good, SUMS: sums, "SUMS.asc": signature });
        yard.send({ "ann.asc": ann, "one.asc": one, "two.asc": two });
        refusedWith(yard, /1 of the 2 .*revoked: /);
      });
  });

  test("of one key are read together: so is the revocation of a subkey, and a subkey that only one of them has signs for it", () => {
    const subkey = keys.subkey("sub");
    const signature = keys.sign(sums, [`${subkey}!`]);
    const before = keys.block(["sub"]);
    keys.revokeSubkey("sub");
    const after = keys.block(["sub"]);
    expect(after).not.toEqual(before);
    const bare = keys.block(["bob"]);
    const bobs = keys.sign(sums, [`${keys.subkey("bob")}!`]);
    const ways: [string, Buffer, Buffer, Buffer, RegExp | undefined][] = [
      ["sub", signature, after, before, /0 of the 1 .*revoked: /],
      ["sub", signature, before, after, /0 of the 1 .*revoked: /],
      ["sub", signature, before, before, undefined],
      ["bob", bobs, bare, keys.block(["bob"]), undefined],
    ];
    for (const [signer, signed, one, two, reason] of ways)
      withYard((yard) => {
        recipe(yard, [signer], ["one.asc", "two.asc"]);
        yard.send({ [file]: good, SUMS: sums, "SUMS.asc": signed, "one.asc": one, "two.asc": two });
        if (reason) refusedWith(yard, reason);
        else expect(yard.run("collect").said).toContain("2.0 is in use");
      });
  });

  test("of a stranger revoke nothing: a revocation that the key itself did not make is none", () => {
    keys.of("eve");
    keys.revoke("eve");
    // Her revocation, put behind ann's primary key: parts of a key in the order of the standard.
    const forged = keys.grafted("eve", "ann");
    withYard((yard) => {
      recipe(yard, ["ann"], ["one.asc", "two.asc"]);
      yard.send({ [file]: good, SUMS: sums, "SUMS.asc": keys.sign(sums, ["ann"]) });
      yard.send({ "one.asc": forged, "two.asc": keys.block(["ann"]) });
      expect(yard.run("collect").said).toContain("2.0 is in use");
    });
  });
});
