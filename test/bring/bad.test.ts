// SPDX-License-Identifier: GPL-3.0-or-later
/** What the script that brings programs refuses: each of these arrives in a qube, none of them is ever put in place, and nothing of it is lost. */
import { existsSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { Keys, whyNoBringing } from "./keys.ts";
import { refusedSoFar, refusedWith } from "./refusals.ts";
import { digest, release, tar, withYard, Yard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const keys = why === undefined ? new Keys() : (undefined as unknown as Keys);
afterAll(() => {
  keys?.remove();
  console.log(`bad artifacts: ${refusedSoFar()} refused`);
});

const good = why === undefined ? release("2.0") : Buffer.alloc(0);
const file = "daemon-2.0-linux.tar.gz";
const sums = (name = file, bytes = good) => `${digest(bytes)}  ${name}\n${digest("x")}  other-2.0.zip\n`;

describe(`artifacts that are pinned by digest${named}`, () => {
  const cases: [string, Buffer, RegExp][] = why
    ? []
    : [
        [
          "tampered",
          Buffer.concat([good.subarray(0, -9), Buffer.from("!"), good.subarray(-8)]),
          /sha256 is [0-9a-f]+ and must be/,
        ],
        ["truncated", good.subarray(0, good.length / 2), /and must be/],
        ["empty", Buffer.alloc(0), /and must be/],
        ["with something behind it", Buffer.concat([good, Buffer.from("\n")]), /and must be/],
        ["an older release under the newer name", release("1.9"), /and must be/],
      ];
  test.each(cases)("%s: refused, kept, and not looked at again", (_name, bytes, reason) => {
    withYard((yard) => {
      yard.recipe("2.0", { sha256: digest(good) });
      yard.send({ [file]: bytes });
      refusedWith(yard, reason);
      expect(yard.left()).toEqual([]);
      expect(Object.keys(yard.refused())).toEqual([file]);
      expect(existsSync(yard.at("refused", `${file}.${digest(bytes).slice(0, 12)}`))).toBe(true);
      expect(yard.mode("refused")).toBe("700");
      // And the right one is taken when it comes.
      yard.send({ [file]: good });
      expect(yard.run("collect").status).toBe(0);
      expect(yard.inUse()).toBe("2.0");
    });
  });

  test("a wrong one from one qube keeps nobody from taking the right one of another, whoever comes first", () => {
    for (const first of ["a", "b"])
      withYard((yard) => {
        yard.recipe("2.0", { sha256: digest(good) });
        yard.send({ [file]: release("6.6") }, first);
        yard.send({ [file]: good }, first === "a" ? "b" : "a");
        expect(yard.run("collect").status).toBe(0);
        expect(yard.inUse()).toBe("2.0");
      });
  });

  test("by the digest of the tar in it: another compression is the same, another byte in it is not", () => {
    withYard((yard) => {
      const plain = tar([{ name: "d/bin/daemon", text: "echo 2.0\n" }]);
      const raw = gunzipSync(plain);
      yard.recipe("2.0", { tar_sha256: digest(raw) });
      yard.send({ [file]: gzipSync(Buffer.concat([raw, Buffer.alloc(512)])) });
      refusedWith(yard, /of the tar in it is/);
      yard.send({ [file]: Buffer.from("no archive at all") });
      refusedWith(yard, /cannot be decompressed: Not a gzipped file/);
      yard.send({ [file]: gzipSync(raw).subarray(0, 60) });
      refusedWith(yard, /cannot be decompressed/);
      yard.send({ [file]: gzipSync(raw, { level: 1 }) });
      expect(yard.run("collect").status).toBe(0);
    });
  });
});

describe(`artifacts by signatures over a list${named}`, () => {
  const list = { by: "sums", sums: "SUMS", signature: "SUMS.asc", threshold: 2 } as const;
  const names = ["ann", "bob", "cyn"];
  const recipe = (yard: Yard, signed: object = {}) => {
    const pinned = names.map((one) => keys.of(one));
    yard.recipe("2.0", { signed: { ...list, keys: pinned, ...signed } }, { keys: ["keys.asc"] });
  };
  const sent = (signature: Buffer, rest: Record<string, Buffer | string> = {}) => ({
    [file]: good,
    SUMS: sums(),
    "SUMS.asc": signature,
    "keys.asc": keys.block(names),
    ...rest,
  });

  test("good ones are put in place, by two keys of three, a subkey counting for its primary one", () => {
    withYard((yard) => {
      recipe(yard);
      yard.send(sent(keys.sign(sums(), ["ann", `${keys.subkey("bob")}!`])));
      expect(yard.run("collect").said).toContain("2.0 is in use");
      expect(yard.inUse()).toBe("2.0");
    });
  });

  const bad: [string, () => Record<string, Buffer | string>, RegExp, object?][] = [
    ["under-signed", () => sent(keys.sign(sums(), ["ann"])), /1 of the 2 signatures/],
    ["twice by one key", () => sent(keys.sign(sums(), ["ann", "ann"])), /1 of the 2 signatures/],
    ["by one key and its own subkey", () => sent(keys.sign(sums(), ["bob", `${keys.subkey("bob")}!`])), /1 of the 2/],
    [
      "by strangers, whose keys come along",
      () => sent(keys.sign(sums(), ["eve", "mal"]), { "keys.asc": keys.block([...names, "eve", "mal"]) }),
      /0 of the 2/,
    ],
    ["by one that counts and a stranger", () => sent(keys.sign(sums(), ["ann", "eve"])), /1 of the 2/],
    ["over another list", () => sent(keys.sign("other", ["ann", "bob"])), /over other bytes/],
    [
      "two keys over different lists",
      () => sent(Buffer.concat([keys.sign(sums(), ["ann"]), keys.sign("other", ["bob"])])),
      /1 of the 2 .*over other bytes/,
    ],
    [
      "no signatures but a whole message",
      () => sent(keys.message(sums(), "ann")),
      /something else than detached|packet without a length/,
    ],
    ["no OpenPGP at all", () => sent(Buffer.from("trust me")), /no OpenPGP data/],
    [
      "a good list that names another digest",
      () => {
        const text = sums(file, Buffer.from("y"));
        return sent(keys.sign(text, ["ann", "bob"]), { SUMS: text });
      },
      /the signed list says/,
    ],
    [
      "a good list of an older version",
      () => {
        const text = sums("daemon-1.9-linux.tar.gz", release("1.9"));
        return sent(keys.sign(text, ["ann", "bob"]), { SUMS: text, [file]: release("1.9") });
      },
      /names .* 0 times/,
    ],
    [
      "a good list that names it twice",
      () => {
        const text = `${sums()}${digest("z")}  ${file}\n`;
        return sent(keys.sign(text, ["ann", "bob"]), { SUMS: text });
      },
      /names .* 2 times/,
    ],
    [
      "a good list that names it in another folder",
      () => {
        const text = `${digest(good)}  old/${file}\n`;
        return sent(keys.sign(text, ["ann", "bob"]), { SUMS: text });
      },
      /names .* 0 times/,
    ],
    [
      "key blocks with none that counts",
      () => sent(keys.sign(sums(), ["ann", "bob"]), { "keys.asc": keys.block(["eve"]) }),
      /no key that is asked for/,
    ],
    [
      "a key block with another key under the pinned one's name",
      () =>
        sent(keys.sign(sums(), ["ann", "bob"]), {
          "keys.asc": Buffer.from("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n????\n-----END PGP PUBLIC KEY BLOCK-----\n"),
        }),
      /armour is broken/,
    ],
  ];
  test.each(bad)("%s", (_name, files, reason) => {
    withYard((yard) => {
      recipe(yard);
      yard.send(files());
      refusedWith(yard, reason);
    });
  });

  test("by a key that has expired since, or had when it signed", () => {
    withYard((yard) => {
      keys.of("old", { days: 30 });
      recipe(yard, { keys: [keys.of("ann"), keys.of("old")] });
      const both = Buffer.concat([keys.sign(sums(), ["ann"]), keys.sign(sums(), ["old"], "20200110T000000")]);
      yard.send(sent(both, { "keys.asc": keys.block(["ann", "old"]) }));
      refusedWith(yard, /1 of the 2 .*expired: /);
    });
  });

  test("by a key that was revoked, before or after it signed", () => {
    withYard((yard) => {
      const signature = keys.sign(sums(), ["ann", "rev"]);
      recipe(yard, { keys: [keys.of("ann"), keys.of("rev")] });
      keys.revoke("rev");
      yard.send(sent(signature, { "keys.asc": keys.block(["ann", "rev"]) }));
      refusedWith(yard, /1 of the 2 .*revoked: /);
    });
  });
});

describe(`artifacts that are signed themselves${named}`, () => {
  const says = { path: "share/READ*", text: "This is 2.0." };
  const recipe = (yard: Yard) =>
    yard.recipe(
      "2.0",
      { signed: { by: "itself", signature: `${file}.asc`, keys: [keys.of("ann"), keys.of("bob")], threshold: 2 } },
      { keys: ["ann.gpg", "bob.gpg"], unpack: { kind: "tar", strip: 1, says } },
    );
  const blocks = () => ({ "ann.gpg": keys.block(["ann"], false), "bob.gpg": keys.block(["bob"]) });

  test("good", () => {
    withYard((yard) => {
      recipe(yard);
      yard.send({ [file]: good, [`${file}.asc`]: keys.sign(good, ["bob", "ann"]), ...blocks() });
      expect(yard.run("collect").status).toBe(0);
    });
  });

  test("an older release, well signed, under the newer one's name: told by what stands inside", () => {
    withYard((yard) => {
      recipe(yard);
      const old = release("1.9");
      yard.send({ [file]: old, [`${file}.asc`]: keys.sign(old, ["ann", "bob"]), ...blocks() });
      refusedWith(yard, /another version/);
    });
  });

  test("tampered after it was signed", () => {
    withYard((yard) => {
      recipe(yard);
      yard.send({
        [file]: Buffer.concat([good, Buffer.from("x")]),
        [`${file}.asc`]: keys.sign(good, ["ann", "bob"]),
        ...blocks(),
      });
      refusedWith(yard, /over other bytes/);
      expect(Object.keys(yard.refused()).toSorted()).toEqual([file, `${file}.asc`]);
    });
  });
});
