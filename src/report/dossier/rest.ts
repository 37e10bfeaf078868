// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from "../../render/manifest.ts";
import type { Dossier } from "./dossier.ts";
import { count, html, type Html } from "./html.ts";

/** The files of the tree that no state lays down: what runs in dom0 by hand, and what describes the tree. */
export function rest({ audit: { facts } }: Dossier): Html {
  const shown = new Set([...facts.landed.map(({ origin }) => origin), ...facts.states.calls.map(({ file }) => file)]);
  const others = [...facts.tree].filter(
    ([path]) => !shown.has(path) && !path.endsWith(".sls") && !path.endsWith(".top"),
  );
  return html`<p>
      ${count(others.length, "file")} of the tree that no state lays down. What is marked as a program runs in dom0,
      with all its rights, when you type its name: it is judged by nobody here.
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
          ${others.map(
            ([path, { text }]) =>
              html`<tr>
                <th scope="row"><code>${path}</code></th>
                <td>
                  ${text.startsWith("#!") || path.endsWith(".py") ? "program" : "text"},
                  ${count(text.split("\n").length - 1, "line")}
                </td>
                <td><code class="digest">${sha256(text)}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
}
