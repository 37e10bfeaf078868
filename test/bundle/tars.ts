// SPDX-License-Identifier: GPL-3.0-or-later
/** Tars that no bundle is: written by hand here, not by the compiler, whose slips must not hide here. */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { compiled, topology } from "../compiled.ts";

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

/** The files of a small tree, as they are in it. */
export function goodFiles(): Map<string, { text: string; mode: string }> {
  return new Map([...compiled(topology()).tree].map(([path, { text, mode }]) => [path, { text, mode }]));
}

/** The files with MANIFEST.json and SHA256SUMS made anew, as somebody would who wants them to agree with what he changed. */
export function resealed(
  files: Map<string, { text: string; mode: string }>,
  manifest: (value: Record<string, unknown>) => unknown = (same) => same,
) {
  const value = JSON.parse(files.get("MANIFEST.json")?.text ?? "{}") as Record<string, unknown>;
  files.delete("MANIFEST.json");
  files.delete("SHA256SUMS");
  const list = () => [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  value["files"] = Object.fromEntries(list().map(([path, { text, mode }]) => [path, { mode, sha256: sha256(text) }]));
  const altered = manifest(value);
  const text = typeof altered === "string" ? altered : `${JSON.stringify(altered, null, 2)}\n`;
  files.set("MANIFEST.json", { text, mode: "0644" });
  const sums = list().map(([path, file]) => `${sha256(file.text)}  ${path}\n`);
  files.set("SHA256SUMS", { text: sums.join(""), mode: "0644" });
  return new Map(list());
}

/** What a header says beyond its name and size; a text is written as it is, from the start of its field. */
export interface Said {
  readonly name?: string;
  readonly prefix?: string;
  readonly mode?: string;
  readonly size?: string;
  readonly type?: string;
  readonly link?: string;
  readonly magic?: string;
  readonly sum?: string;
  readonly owner?: string;
  readonly time?: string;
}

const AT = {
  name: 0,
  mode: 100,
  owner: 108,
  size: 124,
  time: 136,
  type: 156,
  link: 157,
  magic: 257,
  prefix: 345,
} as const;

/** One member of a tar: a header and its content, padded. */
export function member(name: string, text = "", said: Said = {}): Buffer {
  const head = Buffer.alloc(512);
  const full = {
    name,
    mode: "0000644\0",
    owner: "0000000\x000000000\0",
    size: `${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`,
    time: `${(1231006505).toString(8).padStart(11, "0")}\0`,
    type: "0",
    link: "",
    magic: "ustar\x0000",
    prefix: "",
    ...said,
  };
  head.write("0000000\x000000000\0", 329, "latin1");
  for (const [field, at] of Object.entries(AT)) head.write(full[field as keyof typeof AT], at, "latin1");
  head.write("        ", 148, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(said.sum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)]);
}

export const END = Buffer.alloc(1024);

/** A whole tar of files below one folder, sorted, with what is to stand before or behind each of some of them. */
export function tar(files: Map<string, { text: string; mode: string }>, top = "qwbtc"): Buffer {
  return Buffer.concat([...members(files, top), END]);
}

/** Its members, to be put together otherwise. */
export function members(files: Map<string, { text: string; mode: string }>, top = "qwbtc"): Buffer[] {
  return [...files].map(([path, { text, mode }]) => {
    const full = `${top}/${path}`;
    const cut = full.length > 100 ? full.indexOf("/", full.length - 101) : -1;
    return member(full.slice(cut + 1), text, { mode: `000${mode}\0`, ...(cut > 0 && { prefix: full.slice(0, cut) }) });
  });
}

/** What a program of this machine makes of the files in a folder. */
export function madeBy(program: string, args: string[], cwd: string): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`);
  return stdout;
}
