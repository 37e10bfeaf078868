// SPDX-License-Identifier: GPL-3.0-or-later
import type { StateCall } from "../../audit/states.ts";
import type { Dossier } from "./dossier.ts";
import { count, html, type Html } from "./html.ts";
import { sheet } from "./sheet.ts";

/** What dom0 does, file by file in the order in which the states are read, with their texts; and the files of the tree that are no states. */
export function order(dossier: Dossier): Html {
  const { tree, states } = dossier.audit.facts;
  const dom0 = states.calls.filter(({ machine }) => machine === "dom0");
  const files = [...new Set(dom0.map(({ file }) => file))];
  const others = [...tree.keys()].filter(
    (path) =>
      path.endsWith(".top") || (path.endsWith(".sls") && !files.includes(path) && !/\/(?:qube|template)\//.test(path)),
  );
  return html`<p>
      dom0 first, in this order, then the templates, then the qubes, each its own states alone. Salt keeps the order of
      the files and of what stands in them, but for what <code>require</code> puts before.
    </p>
    <ol class="order">
      ${files.map((file) => html`<li>${one(file, dom0, dossier)}</li>`)}
    </ol>
    <h3>Who gets which states</h3>
    ${others.map(
      (path) =>
        html`<details>
          <summary><code>${path}</code></summary>
          ${sheet(path, tree.get(path)?.text ?? "", dossier.anchors)}
        </details>`,
    )}`;
}

function one(file: string, all: readonly StateCall[], { audit, anchors }: Dossier): Html {
  const text = audit.facts.tree.get(file)?.text ?? "";
  const own = all.filter((call) => call.file === file);
  const kinds = new Map<string, number>();
  for (const { fun } of own) kinds.set(fun, (kinds.get(fun) ?? 0) + 1);
  return html`<details class="long">
      <summary>
        <code>${file.split("/").at(-1)}</code> ${count(own.length, "state")}
        <span class="quiet">${[...kinds].map(([fun, number]) => `${number} ${fun}`).join(", ")}</span>
      </summary>
      ${sheet(file, text, anchors)}
    </details>
    <p>${headOf(text)}</p>`;
}

/** What a file says of itself: the comment at its head. */
function headOf(text: string): string {
  const lines = text.split("\n");
  const start = lines[0]?.startsWith("#!") ? 1 : 0;
  const end = lines.findIndex((line, at) => at >= start && !line.startsWith("#"));
  return lines
    .slice(start, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^#\s?/, ""))
    .join(" ");
}
