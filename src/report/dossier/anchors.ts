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
  const markOf = (file: string, line: number) => `at-${numbers.get(file)}-${line}`;
  const lengths = new Map<string, number>();
  for (const { file, line } of places) {
    if (!shown.has(file)) continue;
    const length = lengths.get(file) ?? tree.get(file)?.text.replace(/\n$/, "").split("\n").length ?? 0;
    lengths.set(file, length);
    if (line < 1 || line > length) continue;
    files.add(file);
    marked.add(markOf(file, line));
  }
  const at = (file: string, line: number) => (marked.has(markOf(file, line)) ? markOf(file, line) : undefined);
  return {
    at,
    isMarked: (file) => files.has(file),
    link({ file, line }) {
      // Of what is neither part of the tree nor of any machine, a topology, the page says no path: it is sent to others.
      const isKnown = tree.has(file) || /^\/(?:etc|run)\/qubes\//.test(file);
      const name = isKnown ? file.slice(file.lastIndexOf("/") + 1) : "topology";
      // Rules of the stock policy are restated, and have no lines.
      const text = line === 0 ? name : `${name}:${line}`;
      const mark = at(file, line);
      return mark === undefined ? html`<code>${text}</code>` : html`<a href="#${mark}"><code>${text}</code></a>`;
    },
  };
}
