// SPDX-License-Identifier: GPL-3.0-or-later
import type { Dossier } from "./dossier.ts";
import { count, html, type Html } from "./html.ts";
import { sheet } from "./sheet.ts";
import { otherStateFiles } from "./where.ts";

/** What dom0 does, file by file in the order in which the states are read, with their texts, then all other files of states. */
export function order(dossier: Dossier): Html {
  const { tree } = dossier.audit.facts;
  return html`<p>
      dom0 first, in this order, then the templates, then the qubes, each its own states alone. Salt keeps the order of
      the files and of what stands in them, but for what <code>require</code> puts before.
    </p>
    <ol class="order">
      ${(dossier.layout.stateFiles.get("dom0") ?? []).map((file) => html`<li>${one(file, dossier)}</li>`)}
    </ol>
    <h3>Who gets which states, and state files that nobody is given or that cannot be read</h3>
    ${otherStateFiles(dossier.audit).map(
      (path) =>
        html`<details>
          <summary><code>${path}</code></summary>
          ${sheet(tree.get(path)?.text ?? "", (line) => dossier.anchors.at(path, line))}
        </details>`,
    )}`;
}

function one(file: string, { audit, anchors }: Dossier): Html {
  const text = audit.facts.tree.get(file)?.text ?? "";
  const own = audit.facts.states.calls.filter((call) => call.file === file && call.machine === "dom0");
  const kinds = new Map<string, number>();
  for (const { fun } of own) kinds.set(fun, (kinds.get(fun) ?? 0) + 1);
  return html`<details class="long">
      <summary>
        <code>${file.split("/").at(-1)}</code> ${count(own.length, "state")}
        <span class="quiet">${[...kinds].map(([fun, number]) => `${number} ${fun}`).join(", ")}</span>
      </summary>
      ${sheet(text, (line) => anchors.at(file, line))}
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
