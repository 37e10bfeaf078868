// SPDX-License-Identifier: GPL-3.0-or-later
import { cards } from "./cards.ts";
import { matrix } from "./matrix.ts";
import { gather, type Dossier, type Shown } from "./dossier.ts";
import { html, madeElsewhere, type Html } from "./html.ts";
import { opening } from "./opening.ts";
import { order } from "./order.ts";
import narrowAndPaper from "./narrow-and-paper.css";
import text from "./page.css";
import parts from "./parts.css";
import { picture } from "./picture.ts";
import { policy } from "./policy.ts";
import { questions } from "./questions.ts";
import { rest } from "./rest.ts";
import { software } from "./software.ts";
import { steps } from "./steps.ts";
import { verdict } from "./verdict.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: (dossier: Dossier) => Html;
}

const SECTIONS: readonly Section[] = [
  { id: "what", title: "What this is", body: opening },
  { id: "verdict", title: "Verdict", body: verdict },
  { id: "picture", title: "Who reaches whom", body: picture },
  { id: "questions", title: "Questions", body: questions },
  { id: "qubes", title: "Qubes and templates", body: cards },
  { id: "reach", title: "Reachability, pair by pair", body: matrix },
  { id: "policy", title: "Policy, line by line", body: policy },
  { id: "software", title: "Software", body: software },
  { id: "states", title: "States", body: order },
  { id: "by-hand", title: "What stays to be done by hand", body: steps },
  { id: "rest", title: "Other files", body: rest },
];

/**
 * The dossier of an audited tree: one HTML page that needs nothing beside itself, no network and no script. Its policy forbids all of that to
 * the browser, too; what comes out of the tree is text, whatever it looks like.
 */
export function page(shown: Shown): string {
  const dossier = gather(shown);
  const { formula } = dossier.audit.facts;
  const title = `${formula ?? "A Salt tree"}: audit dossier`;
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${madeElsewhere([text, parts, narrowAndPaper].join(""))}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">To the text</a>
        <header><h1>${title}</h1></header>
        <nav aria-label="Contents">
          <ol>
            ${SECTIONS.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ol>
        </nav>
        <main id="main">
          ${SECTIONS.map(
            ({ id, title: name, body }) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${name}</h2>
                ${body(dossier)}
              </section> `,
          )}
        </main>
      </body>
    </html> `.text;
}
