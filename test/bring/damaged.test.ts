// SPDX-License-Identifier: GPL-3.0-or-later
/** Compressed bytes that are damaged, or are not what their name says, or ask for all memory: refused in words, and the next one is taken. */
import { execFileSync } from "node:child_process";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { whyNoBringing } from "./keys.ts";
import { refusedWith } from "./refusals.ts";
import { digest, release, withYard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const raw = why === undefined ? gunzipSync(release("2.0")) : Buffer.alloc(0);

/** The tar in another compression, by Python's own libraries; `words` are Python on `data`. */
const packed = (words: string, data = raw) =>
  execFileSync("python3", ["-c", `import bz2, lzma, sys, zlib\ndata = sys.stdin.buffer.read()\n${words}`], {
    input: data,
  });
const write = "sys.stdout.buffer.write";
const bz2 = () => packed(`${write}(bz2.compress(data))`);
const xz = () => packed(`${write}(lzma.compress(data))`);
/** An .xz whose head says that it takes a dictionary of 4 GiB to read it. The .xz File Format, 3.1 and 5.3.1. */
const greedy = () =>
  packed(
    `made = bytearray(lzma.compress(data))\nmade[16] = 40\nmade[20:24] = zlib.crc32(made[12:20]).to_bytes(4, "little")\n${write}(made)`,
  );
/** Bytes with some in the middle turned. */
const damaged = (bytes: Buffer) => Buffer.from(bytes.map((one, at) => (at > 40 && at < 60 ? one ^ 0xff : one)));

describe(`compressed bytes${named}`, () => {
  const cases: [string, string, () => Buffer][] = [
    ["a damaged .gz", "tar.gz", () => damaged(gzipSync(raw))],
    ["a damaged .bz2", "tar.bz2", () => damaged(bz2())],
    ["a damaged .xz", "tar.xz", () => damaged(xz())],
    ["a .gz that is cut off", "tar.gz", () => gzipSync(raw).subarray(0, -9)],
    ["a .bz2 that is cut off", "tar.bz2", () => bz2().subarray(0, -9)],
    ["an .xz that is cut off", "tar.xz", () => xz().subarray(0, -9)],
    ["an empty .xz", "tar.xz", () => Buffer.alloc(0)],
    ["an .xz under the name of a .gz", "tar.gz", xz],
    ["a plain tar under the name of an .xz", "tar.xz", () => raw],
    ["an .xz that asks for 4 GiB of memory", "tar.xz", greedy],
    ["an .xz with something behind it", "tar.xz", () => Buffer.concat([xz(), Buffer.from("x")])],
  ];
  test.each(cases)("%s: refused", (_name, kind, made) => {
    withYard((yard) => {
      const file = `daemon-2.0.${kind}`;
      yard.recipe("2.0", { sha256: "" }, { artifacts: { any: { file, tar_sha256: digest(raw) } } });
      yard.send({ [file]: made() });
      refusedWith(yard, /cannot be decompressed: \S/);
    });
  });

  // The digest may be right: it is then the publisher's own file that is damaged. (A tar ends before its compression does: what lacks or follows
  // after that is none of its own.)
  const unpacked = cases.filter(([name]) => !/cut off|behind/.test(name));
  test.each(unpacked)("%s, whose own digest is pinned: nothing of it is put in place", (_name, kind, made) => {
    withYard((yard) => {
      const bytes = made();
      const file = `daemon-2.0.${kind}`;
      yard.recipe("2.0", { sha256: "" }, { artifacts: { any: { file, sha256: digest(bytes) } } });
      yard.send({ [file]: bytes });
      refusedWith(yard, /is no whole tar: \S/);
    });
  });

  const right: [string, string, () => Buffer][] = [
    ["bz2", "tar.bz2", bz2],
    ["xz", "tar.xz", xz],
    [
      "xz in several streams",
      "tar.xz",
      () => packed(`${write}(lzma.compress(data[:700]) + bytes(8) + lzma.compress(data[700:]))`),
    ],
    ["xz -9", "tar.xz", () => packed(`${write}(lzma.compress(data, preset=9))`)],
    ["none", "tar", () => raw],
  ];
  test.each(right)("%s: is read", (_name, kind, made) => {
    withYard((yard) => {
      const file = `daemon-2.0.${kind}`;
      yard.recipe("2.0", { sha256: "" }, { artifacts: { any: { file, tar_sha256: digest(raw) } } });
      yard.send({ [file]: made() });
      const { status, said } = yard.run("collect");
      expect([status, yard.inUse()], said).toEqual([0, "2.0"]);
    });
  });
});
