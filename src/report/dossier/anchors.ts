// SPDX-License-Identifier: GPL-3.0-or-later
import type { Place } from "../../audit/states.ts";
import type { Tree } from "../../kernel/tree.ts";
import { html, type Html } from "./html.ts";

/** The lines of a tree's files to which the page leads: each is marked where its file is shown. */
export interface Anchors {
  /** The name of a line's mark; nothing for a line to which nothing leads. */
  at(file: string, line: number): string | undefined;
  /** Whether any line of a file is marked. */
  isMarked(file: string): boolean;
  /** `name:line`, as a link to the line where it is marked. */
  link(place: Place): Html;
}

/** Marks for places in the files that are shown, named by numbers: no name out of a tree becomes part of one. */
export function anchorsOf(tree: Tree, shown: ReadonlySet<string>, places: Iterable<Place>): Anchors {
  const numbers = new Map([...tree.keys()].map((path, at) => [path, at]));
  const marked = new Set<string>();
  const files = new Set<string>();
  const name = (file: string, line: number) => `at-${numbers.get(file)}-${line}`;
  for (const { file, line } of places) {
    const lines = tree.get(file)?.text.replace(/\n$/, "").split("\n").length ?? 0;
    if (!shown.has(file) || line < 1 || line > lines) continue;
    files.add(file);
    marked.add(name(file, line));
  }
  const at = (file: string, line: number) => (marked.has(name(file, line)) ? name(file, line) : undefined);
  return {
    at,
    isMarked: (file) => files.has(file),
    link({ file, line }) {
      // Of what is no part of the tree, a topology, the page says no path: it is sent to others.
      const text = `${tree.has(file) ? file.slice(file.lastIndexOf("/") + 1) : "topology"}:${line}`;
      const mark = at(file, line);
      return mark === undefined ? html`<code>${text}</code>` : html`<a href="#${mark}"><code>${text}</code></a>`;
    },
  };
}
