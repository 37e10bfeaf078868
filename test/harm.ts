// SPDX-License-Identifier: GPL-3.0-or-later
import { expect } from "vitest";
import type { Compiled } from "../src/compile.ts";
import { plant, type Tree } from "../src/kernel/tree.ts";
import { MANIFEST, seal, SUMS } from "../src/render/manifest.ts";

/** The tree with one piece of text changed, and sealed again, so that only the harm itself can be seen. */
export function harmed({ tree, model }: Compiled, file: RegExp, from: string | RegExp, to: string): Tree {
  const found = [...tree].filter(([path]) => file.test(path));
  expect(found.length, String(file)).toBe(1);
  const [path, old] = found[0] as (typeof found)[0];
  const text = old.text.replace(from, to);
  expect(text).not.toBe(old.text);
  const rest = [...tree].filter(([one]) => one !== path && one !== MANIFEST && one !== SUMS);
  return seal(plant([...rest, [path, { ...old, text }]]), model);
}
