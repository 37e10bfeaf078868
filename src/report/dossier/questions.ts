// SPDX-License-Identifier: GPL-3.0-or-later
import { answering } from "./answers/answers.ts";
import type { Dossier } from "./dossier.ts";
import { html, type Html } from "./html.ts";

/** The questions, each with its answer in a sentence and what that rests on. */
export function questions(dossier: Dossier): Html {
  const errors = dossier.found.filter(({ severity }) => severity === "error").length;
  return html`<p>
      Answered out of the policy, the states and the files of this very tree; another system gets other answers.
    </p>
    ${errors > 0 ? html`<p class="stamp bad">The audit found ${errors === 1 ? "an error" : `${errors} errors`}: an answer holds only as far as <a href="#verdict">they</a> do not touch it.</p>` : undefined}
    ${answering.map((answer, at) => {
      const { question, short, more } = answer(dossier);
      return html`<section class="question" aria-labelledby="question-${at + 1}">
        <h3 id="question-${at + 1}">${at + 1}. ${question}</h3>
        <p class="answer">${short}</p>
        <div class="more">${more}</div>
      </section>`;
    })}`;
}
