// SPDX-License-Identifier: GPL-3.0-or-later
import { bundled, pictureOf } from "./picture.ts";
import type { Audit } from "../../audit/finding.ts";

/** A flowchart for Mermaid, as GitHub and many editors show it. */
export function graphMermaid(audit: Audit): string {
  const picture = pictureOf(audit);
  const ids = new Map(picture.nodes.map(({ name }, at) => [name, `n${at}`]));
  const id = (name: string) => ids.get(name) ?? "n";
  const lines = [
    "flowchart LR",
    ...picture.nodes.map(({ name, role, kind }) => {
      const label = `"${plain(name)}${role === "" ? "" : `<br/>${plain(role)}`}"`;
      return `  ${id(name)}${kind === "outside" ? `([${label}])` : kind === "stock" ? `{{${label}}}` : `[${label}]`}`;
    }),
    ...bundled(picture).map(
      ({ from, to, kind, what }) =>
        `  ${id(from)} ${kind === "link" ? "-->" : "-.->"}|"${what.map(plain).join("<br/>")}"| ${id(to)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Text in quotes: entities for whatever Mermaid would read. */
function plain(text: string): string {
  return text.replaceAll(/["<>&#|]/g, (sign) => `#${sign.codePointAt(0)};`);
}
