// SPDX-License-Identifier: GPL-3.0-or-later
import { qube, type Dossier } from "./dossier.ts";
import { count, html, listed, type Html } from "./html.ts";
import { packagesOf, pinsOf, type Pinned } from "./pins.ts";

/** The programs with what they are checked by, and Debian's packages. */
export function software(dossier: Dossier): Html {
  const pins = pinsOf(dossier);
  const packages = packagesOf(dossier.audit.facts);
  return html`<p>
      As MANIFEST.json says of each; what a qube will accept stands in its own recipe, among its files. Current,
      archived and so on: as it was when this tree was compiled.
    </p>
    ${pins.length === 0 ? html`<p>MANIFEST.json names no program.</p>` : undefined}
    ${pins.map((pin) => program(pin, dossier))}
    <h3>Packages of Debian</h3>
    ${
      packages.length === 0
        ? html`<p>No state installs any.</p>`
        : html`<ul>
            ${packages.map((one) => html`<li>${qube(one.machine, dossier)}: ${one.packages.join(", ")} (${dossier.anchors.link(one)})</li>`)}
          </ul>`
    }`;
}

function program({ program, status, commit, qubes, files, urls }: Pinned, dossier: Dossier): Html {
  const shown = files.filter(({ by }) => by !== "nothing");
  const bare = files.filter(({ by }) => by === "nothing");
  const body = html`<table class="stack">
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Checked by</th>
        </tr>
      </thead>
      <tbody>
        ${files.map(
          ({ file, by, what }) =>
            html`<tr>
              <th scope="row"><code>${file}</code></th>
              <td>${by}: <code class="digest">${what}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${urls.length > 0 ? html`<p class="quiet">Published at: ${urls.map((one, at) => html`${at > 0 ? ", " : ""}<code>${one}</code>`)}</p>` : undefined}`;
  return html`<h3>${program} <span class="role">${status}</span></h3>
    <p>
      ${qubes.length > 0 ? html`In ${listed(qubes.map((one) => qube(one, dossier)))}, by a recipe among its files.` : "No qube of this tree has a recipe for it: it runs elsewhere, or is brought by hand."}
      ${count(shown.length, "file")} with a digest or
      signers${bare.length > 0 ? html`, <b>${count(bare.length, "file")} with neither</b>` : undefined}.${commit === undefined ? undefined : html` <span class="quiet">Git commit of the release: <code class="digest">${commit}</code></span>`}
    </p>
    ${
      files.length > 4
        ? html`<details>
            <summary>${count(files.length, "file")}</summary>
            ${body}
          </details>`
        : body
    }`;
}
