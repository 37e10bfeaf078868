// SPDX-License-Identifier: GPL-3.0-or-later
import { pictureOf, type Picture } from "./picture.ts";
import type { Audit } from "../../audit/finding.ts";

/** Who reaches whom, a line each, below the name of whoever reaches. */
export function graphText(audit: Audit): string {
  const picture = pictureOf(audit);
  const width = Math.max(0, ...picture.ways.map(({ to }) => to.length));
  const blocks = picture.nodes.flatMap(({ name, role, offline }) => {
    const own = picture.ways.filter(({ from }) => from === name);
    const head = `${name}${role === "" ? "" : ` (${role}${offline ? ", no net qube" : ""})`}`;
    if (own.length === 0 && !offline) return [];
    const lines = own.map(
      ({ to, what, kind, starts }) =>
        `  -> ${to.padEnd(width)}  ${what}${by(kind)}${starts ? "; a connection starts it" : ""}`,
    );
    return [[head, ...(lines.length > 0 ? lines : ["  reaches nobody"])].join("\n")];
  });
  return `${blocks.join("\n")}\n`;
}

function by(kind: Picture["ways"][number]["kind"]): string {
  return kind === "link" ? ", over qrexec" : "";
}
