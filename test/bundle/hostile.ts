// SPDX-License-Identifier: GPL-3.0-or-later
/** Tars that are no bundle, each with what must be said of it. */
import { gzipSync } from "node:zlib";
import { END, goodFiles, member, members, tar } from "./tars.ts";

/** What is given, the code of a finding about it, and its bytes. */
export type Hostile = [what: string, code: string, bytes: () => Buffer];

/** Its files. */
export const good = goodFiles();
/** A whole bundle. */
export const bytes = tar(good);
const [first = END, ...others] = members(good);
const rest = Buffer.concat(others);
const size = (text: string) => `${text}\0`.padStart(12, "0");

/** Such that the tar itself is not as it should be. */
export const HOSTILE: Hostile[] = [
  ["an empty file", "QB921", () => Buffer.alloc(0)],
  ["no tar", "QB921", () => Buffer.from("hello\n".repeat(1000))],
  ["a compressed bundle", "QB921", () => gzipSync(bytes)],
  ["a tar without a file", "QB921", () => Buffer.alloc(10240)],
  ["random bytes behind a whole header", "QB926", () => Buffer.concat([first, Buffer.alloc(512, 7), END])],
  ["the end cut off", "QB922", () => bytes.subarray(0, -1024)],
  ["one end block cut off", "QB922", () => bytes.subarray(0, -512)],
  ["cut within a file", "QB922", () => bytes.subarray(0, 2000)],
  ["cut within a header", "QB922", () => bytes.subarray(0, first.length + 100)],
  ["a second tar behind the end", "QB922", () => Buffer.concat([bytes, bytes])],
  ["a line behind the end", "QB922", () => Buffer.concat([bytes, Buffer.from("more\n")])],
  ["padding to a tape's block", "QB922", () => Buffer.concat([bytes, Buffer.alloc(5120)])],
  ["an empty block in the middle", "QB922", () => Buffer.concat([first, Buffer.alloc(512), rest, END])],
  [
    "a symbolic link",
    "QB923",
    () => Buffer.concat([first, rest, member("qwbtc/zlink", "", { type: "2", link: "/etc/passwd" }), END]),
  ],
  [
    "a hard link",
    "QB923",
    () => Buffer.concat([first, rest, member("qwbtc/zlink", "", { type: "1", link: "/etc/shadow" }), END]),
  ],
  ["a device", "QB923", () => Buffer.concat([first, rest, member("qwbtc/zdev", "", { type: "3" }), END])],
  ["a pipe", "QB923", () => Buffer.concat([first, rest, member("qwbtc/zpipe", "", { type: "6" }), END])],
  ["a folder", "QB923", () => Buffer.concat([member("qwbtc/", "", { type: "5" }), first, rest, END])],
  [
    "a pax header that renames the next file",
    "QB923",
    () => Buffer.concat([member("qwbtc/x", "23 path=/etc/cron.d/x\n", { type: "x" }), first, rest, END]),
  ],
  [
    "a global pax header",
    "QB923",
    () => Buffer.concat([member("qwbtc/g", "13 size=1000\n", { type: "g" }), first, rest, END]),
  ],
  [
    "a GNU long name",
    "QB923",
    () => Buffer.concat([member("././@LongLink", "../../etc/x\0", { type: "L" }), first, rest, END]),
  ],
  ["a sparse file", "QB923", () => Buffer.concat([first, rest, member("qwbtc/zsparse", "", { type: "S" }), END])],
  [
    "a file of an unknown kind",
    "QB923",
    () => Buffer.concat([first, rest, member("qwbtc/zodd", "", { type: "Q" }), END]),
  ],
  ["an absolute name", "QB924", () => Buffer.concat([member("/etc/cron.d/x", "x"), first, rest, END])],
  ["a name that leads upwards", "QB924", () => Buffer.concat([first, member("qwbtc/../../etc/x", "x"), rest, END])],
  [
    "a prefix that leads upwards",
    "QB924",
    () => Buffer.concat([first, member("etc/x", "x", { prefix: "qwbtc/.." }), rest, END]),
  ],
  [
    "a name that begins with a dash for a folder",
    "QB924",
    () => Buffer.concat([member("-C/x", "x"), first, rest, END]),
  ],
  ["an empty name", "QB924", () => Buffer.concat([member("", "x"), first, rest, END])],
  ["a name with a line break", "QB924", () => Buffer.concat([first, member("qwbtc/MANIFEST.json\nx", "x"), rest, END])],
  ["a name with a terminal's escape", "QB924", () => Buffer.concat([first, member("qwbtc/N\x1b[2Jx", "x"), rest, END])],
  [
    "a name behind a NUL",
    "QB926",
    () => Buffer.concat([first, member("qwbtc/MANIFEST.jsonx\0/etc/x", "x"), rest, END]),
  ],
  ["a file beside the top folder", "QB924", () => Buffer.concat([first, rest, member("zother/x", "x"), END])],
  ["a file in no folder", "QB924", () => Buffer.concat([first, rest, member("zother", "x"), END])],
  ["a file twice", "QB925", () => Buffer.concat([first, first, rest, END])],
  ["a file twice, far apart", "QB925", () => Buffer.concat([first, rest, first, END])],
  ["files out of order", "QB925", () => Buffer.concat([others[0] ?? END, first, ...others.slice(1), END])],
  ["a wrong checksum", "QB926", () => Buffer.concat([first, member("qwbtc/x", "x", { sum: "000001\0 " }), END])],
  ["GNU's form", "QB926", () => Buffer.concat([first, member("qwbtc/N", "x", { magic: "ustar  \0" }), rest, END])],
  [
    "the oldest form",
    "QB926",
    () => Buffer.concat([first, member("qwbtc/N", "x", { magic: "\0".repeat(8) }), rest, END]),
  ],
  [
    "a size in base 256",
    "QB926",
    () =>
      Buffer.concat([first, member("qwbtc/N", "x", { size: "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff" }), rest, END]),
  ],
  [
    "a size of eight gibibytes",
    "QB922",
    () => Buffer.concat([first, member("qwbtc/N", "x", { size: size("77777777777") }), rest, END]),
  ],
  ["a size just too large", "QB922", () => Buffer.concat([first, member("qwbtc/N", "", { size: size("2001") }), END])],
  [
    "a size below nothing",
    "QB926",
    () => Buffer.concat([first, member("qwbtc/N", "x", { size: "-0000000001\0" }), rest, END]),
  ],
  [
    "a plain file that names a link's target",
    "QB926",
    () => Buffer.concat([first, member("qwbtc/N", "x", { link: "/etc/x" }), rest, END]),
  ],
  [
    "something in the padding",
    "QB926",
    () => Buffer.from(bytes.map((byte, at) => (at === first.length - 1 ? 1 : byte))),
  ],
  [
    "another owner",
    "QB926",
    () =>
      Buffer.concat([
        member("qwbtc/MANIFEST.json", good.get("MANIFEST.json")?.text, { owner: "0001750\x000001750\0" }),
        rest,
        END,
      ]),
  ],
  [
    "another time",
    "QB926",
    () =>
      Buffer.concat([
        member("qwbtc/MANIFEST.json", good.get("MANIFEST.json")?.text, { time: "14700000000\0" }),
        rest,
        END,
      ]),
  ],
  [
    "a setuid file",
    "QB929",
    () =>
      Buffer.concat([member("qwbtc/MANIFEST.json", good.get("MANIFEST.json")?.text, { mode: "0004755\0" }), rest, END]),
  ],
  [
    "a file that all can write",
    "QB929",
    () =>
      Buffer.concat([member("qwbtc/MANIFEST.json", good.get("MANIFEST.json")?.text, { mode: "0000666\0" }), rest, END]),
  ],
  ["another top folder than the formula", "QB931", () => tar(good, "other")],
];
