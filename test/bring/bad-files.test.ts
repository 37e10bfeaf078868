// SPDX-License-Identifier: GPL-3.0-or-later
/** Bad tars and what is no plain file: their digest may be right, and all the same nothing of them is put in place. */
import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { whyNoBringing } from "./keys.ts";
import { refusedSoFar, refusedWith } from "./refusals.ts";
import { digest, release, tar, withYard, Yard, type Member } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
afterAll(() => {
  console.log(`bad artifacts: ${refusedSoFar()} refused`);
});

const good = why === undefined ? release("2.0") : Buffer.alloc(0);
const file = "daemon-2.0-linux.tar.gz";
describe(`tars, though their digest is right${named}`, () => {
  const bad: [string, readonly Member[], RegExp][] = [
    ["an absolute name", [{ name: "/etc/passwd", text: "x" }], /not below its own folder/],
    ["a name that leads out", [{ name: "a/../../../x", text: "x" }], /leads out of its folder/],
    ["a link to the root", [{ name: "etc", link: "/etc" }], /leads out of it/],
    ["a link that leads out", [{ name: "up", link: "../../.." }], /leads out of it/],
    [
      "a link that leads out through another",
      [
        { name: "d/y", link: ".." },
        { name: "x", link: "d/y/../.." },
      ],
      /leads out of it/,
    ],
    [
      "a file unpacked through a link",
      [
        { name: "lib", link: "share" },
        { name: "lib/x", text: "x" },
      ],
      /no folder/,
    ],
    ["a hard link out", [{ name: "shadow", hard: "daemon-2.0/../../etc/shadow" }], /leads out/],
    ["a hard link to nothing", [{ name: "a", hard: "daemon-2.0/b" }], /leads to nothing/],
    ["a device", [{ name: "sda", kind: "device" }], /no file, folder or link/],
    ["a fifo", [{ name: "pipe", kind: "fifo" }], /no file, folder or link/],
    ["one name twice", [{ name: "bin/daemon", text: "other" }], /twice/],
  ];
  test.each(bad)("%s: nothing of it is put in place", (_name, members, reason) => {
    withYard((yard) => {
      const bytes = release("2.0", members);
      yard.recipe("2.0", { sha256: digest(bytes) });
      yard.send({ [file]: bytes });
      refusedWith(yard, reason);
    });
  });

  test("without the program in it", () => {
    withYard((yard) => {
      const bytes = tar([{ name: "d/README", text: "x" }]);
      yard.recipe("2.0", { sha256: digest(bytes) });
      yard.send({ [file]: bytes });
      refusedWith(yard, /no bin\/daemon in it/);
    });
  });
});

describe(`what is no plain file${named}`, () => {
  const bad: [string, (at: string, yard: Yard) => void][] = [
    [
      "a symlink to the right bytes",
      (at, yard) => {
        writeFileSync(path.join(yard.root, "elsewhere"), good);
        symlinkSync(path.join(yard.root, "elsewhere"), at);
      },
    ],
    [
      "a hard link",
      (at, yard) => {
        writeFileSync(path.join(yard.root, "elsewhere"), good);
        linkSync(path.join(yard.root, "elsewhere"), at);
      },
    ],
    ["a fifo", (at) => void execFileSync("mkfifo", [at])],
    ["a folder", (at) => mkdirSync(at)],
  ];
  test.each(bad)("%s: never taken, renamed where it lies", (_name, put) => {
    withYard((yard) => {
      yard.recipe("2.0", { sha256: digest(good) });
      put(path.join(yard.incoming(), file), yard);
      refusedWith(yard, /has not come/);
      expect(yard.left()).toEqual([`${file}.refused-1`]);
    });
  });

  test("a sender's folder that is a link is not entered", () => {
    withYard((yard) => {
      yard.recipe("2.0", { sha256: digest(good) });
      mkdirSync(path.join(yard.root, "trap"));
      writeFileSync(path.join(yard.root, "trap", file), good);
      symlinkSync(path.join(yard.root, "trap"), path.join(yard.root, "home/user/QubesIncoming/evil"));
      refusedWith(yard, /has not come/);
      expect(existsSync(path.join(yard.root, "trap", file))).toBe(true);
    });
  });
});
