// SPDX-License-Identifier: GPL-3.0-or-later
import { count, html, type Html } from "../html.ts";
import type { Step } from "../runbook.ts";
import type { Answering } from "./answer.ts";

/** What no state does. */
export const byHand: Answering = ({ runbook: { once, later }, audit }) => {
  const left = audit.facts.states.calls.filter(({ fun }) => fun === "qvm.start").map(({ name }) => name);
  return {
    question: "What do I still have to do by hand?",
    short:
      once.length + later.length === 0
        ? "The runbook of this tree names nothing to do by hand beyond bringing the tree into dom0, installing and applying it."
        : `Bring the tree into dom0, install and apply it; then ${count(once.length, "thing")} once, some of them only if they fit you, and ${later.length} when the time has come.`,
    more: html`${
        once.length > 0
          ? html`<p>Once, in this order:</p>
              ${links(once, "once")}`
          : undefined
      }
      ${
        later.length > 0
          ? html`<p>When the time has come:</p>
              ${links(later, "later")}`
          : undefined
      }
      <p>
        ${left.length > 0 ? `An apply starts ${left.join(", ")} and leaves them running. ` : ""}Start the others when
        you need them, or with <code>./start</code> in dom0.
      </p>`,
  };
};

function links(steps: readonly Step[], when: string): Html {
  return html`<ol>
    ${steps.map(({ title }, at) => html`<li><a href="#by-hand-${when}-${at + 1}">${title}</a></li>`)}
  </ol>`;
}
