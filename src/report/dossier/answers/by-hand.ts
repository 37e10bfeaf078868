// SPDX-License-Identifier: GPL-3.0-or-later
import { count, html } from "../html.ts";
import type { Answering } from "./answer.ts";

/** What no state does. */
export const byHand: Answering = ({ runbook, audit }) => {
  const { byHand: steps } = runbook;
  const left = audit.facts.states.calls.filter(({ fun }) => fun === "qvm.start").map(({ name }) => name);
  return {
    question: "What do I still have to do by hand?",
    short:
      steps.length === 0
        ? "The runbook of this tree names nothing to do by hand beyond bringing the tree into dom0, installing and applying it."
        : `Bring the tree into dom0, install and apply it; then ${count(steps.length, "thing")}, some of them only if they fit you.`,
    more: html`<ol>
        ${steps.map(({ title }, at) => html`<li><a href="#by-hand-${at + 1}">${title}</a></li>`)}
      </ol>
      <p>
        ${left.length > 0 ? `An apply starts ${left.join(", ")} and leaves them running. ` : ""}Start the others when
        you need them, or with <code>./start</code> in dom0.
      </p>`,
  };
};
