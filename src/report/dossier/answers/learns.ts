// SPDX-License-Identifier: GPL-3.0-or-later
import type { Knowledge } from "../../../audit/knowledge.ts";
import { qube, type Dossier } from "../dossier.ts";
import { count, html, type Html } from "../html.ts";
import { rpcLists } from "../rpc-lists.ts";
import type { Answering } from "./answer.ts";

/** What the nodes learn of their user, then all others, here and elsewhere. */
export const learns: Answering = (dossier) => {
  const { knowledge, strangers } = dossier;
  const servers = new Set(rpcLists(dossier.audit.facts).map(({ server }) => server));
  const nodes = knowledge.filter((one) => servers.has(one.qube));
  const others = knowledge.filter((one) => !servers.has(one.qube) && one.learns.length > 0);
  return {
    question: "What does the node learn, and who else learns what about me?",
    short: [
      nodes.map((one) => html`${told(one)} `),
      others.length > 0
        ? `${count(others.length, nodes.length > 0 ? "other qube learns" : "qube learns", nodes.length > 0 ? "other qubes learn" : "qubes learn")} something, each its own part; `
        : `${nodes.length > 0 ? "No other qube" : "No qube"} is known to learn anything; `,
      strangers.length > 0 ? "so do people beyond this machine." : "nobody is known to beyond this machine.",
    ],
    more: html`<ul>
      ${[...nodes, ...others].map((one) => html`<li>${qube(one.qube, dossier)}${points(one, dossier)}</li>`)}
      ${
        strangers.length > 0
          ? html`<li>
              Beyond this machine
              <ul>
                ${strangers.map(({ who, what, why, by }) => html`<li>${who}: ${what}, by ${qube(by, dossier)}. <span class="quiet">${why}</span></li>`)}
              </ul>
            </li>`
          : undefined
      }
    </ul>`,
  };
};

/** A sentence for each: some have commas of their own. */
function told({ qube: name, learns: all }: Knowledge): string {
  if (all.length === 0) return `${name} learns nothing that is known here.`;
  return all.map(({ what }, at) => `${at === 0 ? name : "It"} learns ${what}.`).join(" ");
}

function points({ learns: all }: Knowledge, dossier: Dossier): Html {
  return html`<ul>
    ${all.map(({ what, from, why }) => html`<li>${what}, from ${qube(from, dossier)}. <span class="quiet">${why}</span></li>`)}
  </ul>`;
}
