// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { isSafePath } from "../kernel/tree.ts";
import * as say from "./messages.ts";
import { BLOCK, checksum, FIELDS, tarOf, type Member } from "./ustar.ts";

/** What a tar holds, and everything that is wrong with it. Members are whole and their names safe; nothing else is known of them. */
export interface Unpacked {
  readonly top: string;
  readonly members: readonly Member[];
  readonly problems: readonly Diagnostic[];
}

const KINDS: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "5": "a folder of its own",
  "6": "a pipe",
  "7": "a file of an unusual kind (contiguous)",
  g: "a pax header for all that follows",
  x: "a pax header, which may give the next file another name",
  A: "a Solaris access list",
  D: "a GNU listing of a folder",
  K: "a GNU header with a long link name",
  L: "a GNU header with a long name",
  M: "a GNU continuation",
  N: "a GNU header with names",
  S: "a GNU file with holes",
  V: "a GNU volume label",
  X: "a Solaris extended header",
};

const PACKED: readonly (readonly [string, string])[] = [
  ["1f8b", "is compressed (gzip)"],
  ["fd377a585a00", "is compressed (xz)"],
  ["28b52ffd", "is compressed (zstd)"],
  ["425a68", "is compressed (bzip2)"],
  ["504b0304", "is a zip"],
];

/**
 * Reads a bundle as strictly as it was written. It stops at the first header that it does not understand, for behind it nothing can be known;
 * whatever passes is written once more, and must be the same bytes: what no check here thought of is refused by that.
 */
export function untar(bytes: Buffer, name: string): Unpacked {
  const members: Member[] = [];
  const problems: Diagnostic[] = [];
  let top = "";
  const done = (...last: Diagnostic[]): Unpacked => ({ top, members, problems: [...problems, ...last] });

  const packed = PACKED.find(([magic]) => bytes.subarray(0, magic.length / 2).toString("hex") === magic);
  if (packed) return done(say.notABundle.at(undefined, name, packed[1]));
  if (bytes.length === 0) return done(say.notABundle.at(undefined, name, "is empty"));
  if (bytes.length >= BLOCK && isEmpty(bytes.subarray(0, BLOCK)))
    return done(say.notABundle.at(undefined, name, "is a tar without any file in it"));

  let before = "";
  for (let at = 0; ;) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.length < BLOCK)
      return at === 0
        ? done(say.notABundle.at(undefined, name, "is shorter than any tar"))
        : done(
            say.cutOff.at(
              undefined,
              `the bundle ends at byte ${bytes.length} without the two empty blocks of a tar's end`,
            ),
          );
    if (isEmpty(block)) {
      const rest = bytes.subarray(at + BLOCK);
      if (rest.length < BLOCK || !isEmpty(rest.subarray(0, BLOCK)))
        problems.push(say.cutOff.at(undefined, `after byte ${at} one empty block stands alone: a tar ends with two`));
      else if (rest.length > BLOCK)
        problems.push(
          say.cutOff.at(undefined, `behind the end of the bundle stand another ${rest.length - BLOCK} bytes`),
        );
      break;
    }
    const head = headerAt(block, at);
    if ("stop" in head) return done(at === 0 ? (head.foreign ?? head.stop) : head.stop);
    at += BLOCK;
    if (head.size > bytes.length - at)
      return done(say.cutOff.at(undefined, `${head.shown} claims ${head.size} bytes; ${bytes.length - at} are there`));
    const content = bytes.subarray(at, at + head.size);
    const end = at + Math.ceil(head.size / BLOCK) * BLOCK;
    if (end > bytes.length)
      return done(say.cutOff.at(undefined, `the bundle ends within the last block of ${head.shown}`));
    if (!isEmpty(bytes.subarray(at + head.size, end)))
      problems.push(say.oddHeader.at(undefined, head.shown, "something stands in the padding behind it"));
    at = end;

    problems.push(...head.problems);
    const [first = "", ...rest] = head.name.split("/");
    const path = rest.join("/");
    const unsafe = whyUnsafe(head.name);
    if (unsafe !== undefined) {
      problems.push(say.unsafeName.at(undefined, head.shown, unsafe));
      continue;
    }
    if (top === "") top = first;
    if (first !== top)
      problems.push(say.unsafeName.at(undefined, head.shown, `is not below ${top}/, the one top folder`));
    else if (path <= before) problems.push(say.outOfOrder.at(undefined, path, path === before ? path : before));
    else if (head.problems.length === 0) members.push({ path, bytes: content, mode: head.mode });
    if (path > before) before = path;
  }
  if (problems.length === 0 && !tarOf(top, members).equals(bytes))
    problems.push(
      say.oddHeader.at(
        undefined,
        name,
        "written once more, it is not the same bytes (owner, time or a name cut elsewhere)",
      ),
    );
  return done();
}

type Header =
  | { readonly stop: Diagnostic; readonly foreign?: Diagnostic }
  | {
      readonly name: string;
      readonly shown: string;
      readonly size: number;
      readonly mode: string;
      readonly problems: readonly Diagnostic[];
    };

function headerAt(block: Buffer, at: number): Header {
  const raw = (field: keyof typeof FIELDS) =>
    block.subarray(FIELDS[field][0], FIELDS[field][0] + FIELDS[field][1]).toString("latin1");
  const where = `the header at byte ${at}`;
  const stop = (what: string) => ({ stop: say.oddHeader.at(undefined, where, what) });

  if (!/^[0-7]{6}\0 $/.test(raw("chksum")) || Number.parseInt(raw("chksum"), 8) !== checksum(block)) {
    const foreign = say.notABundle.at(
      undefined,
      "what is given",
      "is not a tar: its first header has no valid checksum",
    );
    return { ...stop("its checksum is wrong"), foreign };
  }
  if (raw("magic") === "ustar " || raw("magic") === "\0".repeat(6))
    return stop(`it is in ${raw("magic") === "ustar " ? "GNU's" : "the oldest"} form of tar, not in ustar`);
  if (raw("magic") !== "ustar\0" || raw("version") !== "00") return stop("it is in an unknown form of tar");
  const [name, prefix] = [textOf(raw("name")), textOf(raw("prefix"))];
  if (name === undefined || prefix === undefined) return stop("something stands behind the end of its name");
  const full = prefix === "" ? name : `${prefix}/${name}`;
  const shown = JSON.stringify(full);
  if (!/^[0-7]{11}\0$/.test(raw("size"))) return stop(`the size of ${shown} is not eleven octal digits`);
  const size = Number.parseInt(raw("size"), 8);
  const kind = raw("typeflag");
  if (kind !== "0") {
    const known = KINDS[kind] ?? (kind === "\0" ? "a file in the oldest form of tar" : "of a kind that no bundle has");
    return { stop: say.notAFile.at(undefined, shown, known) };
  }
  const problems: Diagnostic[] = [];
  if (raw("linkname").replaceAll("\0", "") !== "")
    problems.push(say.oddHeader.at(undefined, shown, "it is a file and yet names a link's target"));
  const mode = raw("mode").slice(3, 7);
  if (!/^000(?:0644|0755)\0$/.test(raw("mode")))
    problems.push(
      say.otherMode.at(undefined, shown, JSON.stringify(textOf(raw("mode")) ?? raw("mode")), "0644 or 0755"),
    );
  return { name: full, shown, size, mode, problems };
}

/** A text up to its NUL; undefined if anything but NULs stands behind. */
function textOf(field: string): string | undefined {
  const end = field.indexOf("\0");
  if (end === -1) return field;
  return /^\0*$/.test(field.slice(end)) ? field.slice(0, end) : undefined;
}

function whyUnsafe(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.startsWith("/")) return "is absolute";
  const parts = name.split("/");
  if (parts.includes("..")) return "leads upwards";
  if (name.endsWith("/")) return "ends like a folder's";
  if (!isSafePath(name)) return "holds a part or a character that no path of a tree has";
  return parts.length < 2 ? "is not in a folder" : undefined;
}

function isEmpty(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}
