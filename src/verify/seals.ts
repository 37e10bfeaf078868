// SPDX-License-Identifier: GPL-3.0-or-later
import { MANIFEST, sha256, SUMS, type Manifest } from "../render/manifest.ts";
import type { Reading } from "./reading.ts";

/** MANIFEST.json and SHA256SUMS name every file, with its digest and mode. */
export function* seals({ tree }: Reading): Iterable<string> {
  const manifest = JSON.parse(tree.get(MANIFEST)?.text ?? "{}") as Manifest;
  const sums = new Map(
    (tree.get(SUMS)?.text ?? "")
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const [path, { text, mode }] of tree) {
    const digest = sha256(text);
    if (path !== SUMS && sums.get(path) !== digest) yield `${SUMS}: wrong for ${path}`;
    if (path === SUMS || path === MANIFEST) continue;
    if (manifest.files[path]?.sha256 !== digest || manifest.files[path].mode !== mode)
      yield `${MANIFEST}: wrong for ${path}`;
  }
  if (sums.size !== tree.size - 1) yield `${SUMS}: names files that are not there`;
  if (Object.keys(manifest.files).length !== tree.size - 2) yield `${MANIFEST}: names files that are not there`;
}
