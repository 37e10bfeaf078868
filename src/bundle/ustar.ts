// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The tar format of POSIX.1-1988 (ustar), of which a bundle uses the smallest part: plain files, sorted, one fixed owner and time. Our own sixty
 * lines, not a library's: what is written must not vary with its version, and the reader must refuse all that is not written here.
 */

export const BLOCK = 512;

/** The time of every member: a moment that lies before any machine's clock. Not 0, of which GNU tar says that it is implausibly old. */
const TIME = 1231006505;

/** A plain file of a bundle. */
export interface Member {
  /** Its path below the top folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: string;
}

/** Where the fields of a header lie: offset and length in bytes (POSIX pax(1), "ustar Interchange Format"). */
export const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  chksum: [148, 8],
  typeflag: [156, 1],
  linkname: [157, 100],
  magic: [257, 6],
  version: [263, 2],
  uname: [265, 32],
  gname: [297, 32],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;

/** The bytes of a tar: the members as they are given, below one top folder, then the two empty blocks that end it. */
export function tarOf(top: string, members: Iterable<Member>): Buffer {
  const blocks: Uint8Array[] = [];
  for (const { path, bytes, mode } of members) {
    const padding = (BLOCK - (bytes.length % BLOCK)) % BLOCK;
    blocks.push(header(`${top}/${path}`, bytes.length, mode), bytes, Buffer.alloc(padding));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, size: number, mode: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const put = (field: keyof typeof FIELDS, text: string) => block.write(text, FIELDS[field][0], "latin1");
  const octal = (field: keyof typeof FIELDS, value: number) =>
    put(field, value.toString(8).padStart(FIELDS[field][1] - 1, "0"));
  const { name, prefix } = split(path);
  put("name", name);
  put("mode", mode.padStart(7, "0"));
  octal("uid", 0);
  octal("gid", 0);
  octal("size", size);
  octal("mtime", TIME);
  put("typeflag", "0");
  put("magic", "ustar");
  put("version", "00");
  octal("devmajor", 0);
  octal("devminor", 0);
  put("prefix", prefix);
  put("chksum", `${checksum(block).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** The sum of a header's bytes, with blanks where the sum itself stands. */
export function checksum(block: Uint8Array): number {
  const [at, length] = FIELDS.chksum;
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= at && index < at + length ? 0x20 : byte;
  return sum;
}

/** A path longer than its field is cut at a slash. Throws if it cannot be: no path of a tree is that long. */
function split(path: string): { name: string; prefix: string } {
  if (path.length <= FIELDS.name[1]) return { name: path, prefix: "" };
  const at = path.indexOf("/", path.length - FIELDS.name[1] - 1);
  if (at === -1 || at > FIELDS.prefix[1]) throw new Error(`${path} does not fit into a ustar header`);
  return { name: path.slice(at + 1), prefix: path.slice(0, at) };
}
