// SPDX-License-Identifier: GPL-3.0-or-later
import type { Dossier } from "./dossier.ts";
import { html, prose, type Html } from "./html.ts";

/** What stays for the user to do, as the runbook of the tree has it. */
export function steps({ runbook }: Dossier): Html {
  return html`<p>
      First, in dom0: bring the bundle in, check its digest, <code>./doctor</code>, <code>./install.sh</code>,
      <code>./plan</code>, <code>qubesctl</code>; the README.md of the tree has each command. Then, in its own words:
    </p>
    ${runbook.byHand.length === 0 ? html`<p>Its README.md names nothing else, or is not one that qwbtc-salt writes.</p>` : undefined}
    <ol class="steps">
      ${runbook.byHand.map(
        ({ title, blocks }, at) =>
          html`<li>
            <details>
              <summary id="by-hand-${at + 1}">${title}</summary>
              ${blocks.map(({ text, commands }) =>
                commands === undefined
                  ? html`<p>${prose(text ?? "")}</p>`
                  : html`<pre class="sheet" tabindex="0">${commands}</pre>`,
              )}
            </details>
          </li>`,
      )}
    </ol>`;
}
