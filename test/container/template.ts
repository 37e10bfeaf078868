// SPDX-License-Identifier: GPL-3.0-or-later
/** What a tree puts into a template, as a container can have it. */
import { load } from "js-yaml";
import type { Tree } from "../../src/kernel/tree.ts";
import type { Content } from "./container.ts";

/** The template's files, and the symlinks that its states declare; of these only the wanted ones. */
export function templateFiles(tree: Tree, template: string, wanted: (path: string) => boolean): Map<string, Content> {
  const found = new Map<string, Content>();
  for (const [file, { text }] of tree) {
    const below = `/files/${template}/`;
    const at = file.indexOf(below);
    if (at !== -1) found.set(file.slice(at + below.length - 1), { text });
    if (file.endsWith(`/template/${template}.sls`))
      for (const [name, link] of symlinks(text)) found.set(name, { link });
  }
  return new Map([...found].filter(([name]) => wanted(name)));
}

/** The name and target of each file.symlink of a states file. */
function symlinks(text: string): [name: string, target: string][] {
  const states = Object.values(load(text) as Record<string, Record<string, unknown>>);
  return states.flatMap((state) => {
    const words = state["file.symlink"];
    if (!Array.isArray(words)) return [];
    const { name, target } = Object.assign({}, ...words) as { name: string; target: string };
    return [[name, target]];
  });
}
