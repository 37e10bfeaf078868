// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from "../../render/manifest.ts";
import { readBefore } from "./files.ts";
import type { Dossier } from "./dossier.ts";
import { count, html, type Html } from "./html.ts";

/** The files of the tree that no state lays down: what runs in dom0 by hand, and what describes the tree. */
export function rest({ audit: { facts } }: Dossier): Html {
  const shown = new Set([...facts.landed.map(({ origin }) => origin), ...facts.states.calls.map(({ file }) => file)]);
  const others = [...facts.tree].filter(
    ([path]) => !shown.has(path) && !path.endsWith(".sls") && !path.endsWith(".top"),
  );
  return html`<p>
      ${count(others.length, "file")} of the tree that no state lays down. What is marked as a program runs in dom0 when
      you type its name, most of them with all its rights.
    </p>
    <details>
      <summary>Paths and digests</summary>
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Kind</th>
            <th scope="col">sha256</th>
          </tr>
        </thead>
        <tbody>
          ${others.map(([path, { text }]) => {
            const isProgram = !/\.(?:md|json|conf)$|^SHA256SUMS$/.test(path);
            return html`<tr>
              <th scope="row"><code>${path}</code></th>
              <td>
                ${isProgram ? "program" : "text"}, ${count(text.split("\n").length - 1, "line")}.
                ${isProgram ? readBefore(text) : undefined}
              </td>
              <td><code class="digest">${sha256(text)}</code></td>
            </tr>`;
          })}
        </tbody>
      </table>
    </details>`;
}
