// SPDX-License-Identifier: GPL-3.0-or-later
import type { Dossier } from "./dossier.ts";
import { html, prose, type Html } from "./html.ts";
import type { Step } from "./runbook.ts";

/** What stays for the user to do, as the runbook of the tree has it. */
export function steps({ runbook: { once, later } }: Dossier): Html {
  return html`<p>
      First, in dom0: bring the bundle in, check its digest, <code>./doctor</code>, <code>./install.sh</code>,
      <code>./plan</code>, <code>qubesctl</code>; the README.md of the tree has each command. Then, in its own words:
    </p>
    ${once.length + later.length === 0 ? html`<p>Its README.md names nothing else, or is not one that qwbtc-salt writes.</p>` : undefined}
    ${
      once.length > 0
        ? html`<h3>Once, in this order</h3>
            ${list(once, "once")}`
        : undefined
    }
    ${
      later.length > 0
        ? html`<h3>When the time has come</h3>
            ${list(later, "later")}`
        : undefined
    }`;
}

function list(steps: readonly Step[], when: string): Html {
  return html`<ol class="steps">
    ${steps.map(
      ({ title, blocks }, at) =>
        html`<li>
          <details>
            <summary id="by-hand-${when}-${at + 1}">${title}</summary>
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
