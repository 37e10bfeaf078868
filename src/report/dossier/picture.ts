// SPDX-License-Identifier: GPL-3.0-or-later
import { graphSvg } from "../graph/svg.ts";
import { pictureOf } from "../graph/picture.ts";
import { qube, type Dossier } from "./dossier.ts";
import { html, madeElsewhere, type Html } from "./html.ts";

/** The system as a picture, and the same in words. */
export function picture(dossier: Dossier): Html {
  const { audit, anchors } = dossier;
  const { nodes, ways } = pictureOf(audit);
  const reaching = nodes.filter(({ name, offline }) => offline || ways.some(({ from }) => from === name));
  return html`<p>
      Whoever calls stands left of whom it calls, or above it. A whole line is a port over qrexec, a broken line a
      network. Boxes with a green edge have no net qube. What has no line between it cannot reach each other, but for
      what the questions and the table below name.
    </p>
    <figure
      class="picture"
      tabindex="0"
      role="group"
      aria-label="Diagram: who reaches whom; the same stands below in words"
    >
      <div class="wide">${madeElsewhere(graphSvg(audit, "right"))}</div>
      <div class="narrow">${madeElsewhere(graphSvg(audit, "down"))}</div>
    </figure>
    <details class="words">
      <summary>The same in words</summary>
      <ul>
        ${reaching.map(
          ({ name, offline }) =>
            html`<li>
              ${qube(name, dossier)}${offline ? " has no net qube" : ""}${
                ways.some(({ from }) => from === name)
                  ? html`${offline ? " and" : ""} reaches
                      <ul>
                        ${ways
                          .filter(({ from }) => from === name)
                          .map(
                            ({ to, what, by, starts }) =>
                              html`<li>
                                ${qube(to, dossier)}: ${what}${starts ? ", and starts it" : ""} (${anchors.link(by)})
                              </li>`,
                          )}
                      </ul>`
                  : " and reaches nobody"
              }
            </li>`,
        )}
      </ul>
    </details>`;
}
