// SPDX-License-Identifier: GPL-3.0-or-later
import { bundled, pictureOf } from "./picture.ts";
import type { Audit } from "../../audit/finding.ts";

/** A graph for Graphviz. */
export function graphDot(audit: Audit): string {
  const picture = pictureOf(audit);
  const shapes = { qube: "box", stock: "hexagon", outside: "ellipse" } as const;
  const lines = [
    "digraph system {",
    '  rankdir="LR"; node [fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10];',
    ...picture.nodes.map(
      ({ name, role, kind }) =>
        `  ${quoted(name)} [shape=${shapes[kind]}, label=${quoted(role === "" ? name : `${name}\n${role}`)}];`,
    ),
    ...bundled(picture).map(
      ({ from, to, kind, what }) =>
        `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(what.join("\n"))}${kind === "link" ? "" : ", style=dashed"}];`,
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
}
