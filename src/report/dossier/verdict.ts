// SPDX-License-Identifier: GPL-3.0-or-later
import { departuresOf } from "../../audit/departures.ts";
import type { Diagnostic, Severity } from "../../kernel/diagnostic.ts";
import { allMessages } from "../../kernel/message.ts";
import { qube, type Dossier } from "./dossier.ts";
import { count, html, prose, type Html } from "./html.ts";

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

/** What was found, where nothing was found what was looked for, and every departure from a safe default. */
export function verdict(dossier: Dossier): Html {
  const { found } = dossier;
  const departures = departuresOf(dossier.audit.facts.tree);
  const sorted = SEVERITIES.flatMap((severity) => found.filter((one) => one.severity === severity));
  return html`${summary(found)}
    ${
      sorted.length > 0
        ? html`<ol class="findings">
            ${sorted.map((one) => finding(one, dossier))}
          </ol>`
        : undefined
    }
    ${lookedFor()}
    <h3 id="departures">Departures from safe defaults</h3>
    ${
      departures.length === 0
        ? html`<p>
            MANIFEST.json names none. What departs all the same is for the rules above to find: they read the tree, not
            its words.
          </p>`
        : html`<p>Chosen although it is not the safe default. The reasons are those of whoever wrote the topology.</p>
            <ul>
              ${departures.map(
                ({ qube: name, key, chosen, because, at }) =>
                  html`<li>
                    ${qube(name, dossier)}, <code>${key}${chosen === undefined ? "" : ` = ${chosen}`}</code>: ${because}
                    <span class="quiet">(${at})</span>
                  </li>`,
              )}
            </ul>`
    }`;
}

function summary(found: readonly Diagnostic[]): Html {
  const [errors, warnings, notes] = SEVERITIES.map((one) => found.filter(({ severity }) => severity === one).length);
  if (found.length === 0)
    return html`<p class="stamp ok">
      <b>Nothing found.</b> No rule has anything to say against this tree. Below stands what they looked for.
    </p>`;
  const told = [
    (errors ?? 0) > 0 ? count(errors ?? 0, "error") : "",
    (warnings ?? 0) > 0 ? count(warnings ?? 0, "warning") : "",
    (notes ?? 0) > 0 ? count(notes ?? 0, "note") : "",
  ]
    .filter(Boolean)
    .join(", ");
  return (errors ?? 0) > 0
    ? html`<p class="stamp bad">
        <b>Do not apply this as it is: ${told}.</b> What the rest of the page says holds only as far as the errors below
        do not touch it.
      </p>`
    : html`<p class="stamp ${(warnings ?? 0) > 0 ? "mind" : "ok"}">
        <b>No error: ${told}.</b> Each stands below with its reason.
      </p>`;
}

function finding({ code, severity, say, why, fix, source, span }: Diagnostic, { anchors }: Dossier): Html {
  return html`<li class="finding ${severity}">
    <p><b class="tag">${severity} ${code}</b> ${say}</p>
    ${span ? html`<p class="where">${anchors.link(span)} <code>${span.text.trim()}</code></p>` : undefined}
    <p>
      <span class="quiet">Why:</span>
      ${prose(why)}${source === undefined ? undefined : html` <span class="quiet">Source: ${source}.</span>`}
    </p>
    <p><span class="quiet">What to do:</span> ${prose(fix)}</p>
  </li>`;
}

/** The rules over a finished tree have the codes from QB701 to QB799. */
function lookedFor(): Html {
  const rules = allMessages().filter(({ code }) => code.startsWith("QB7"));
  return html`<details>
    <summary>What was looked for: ${count(rules.length, "kind")} of mistakes</summary>
    <ul class="columns">
      ${rules.map(({ code, title }) => html`<li><b>${code}</b> ${title}</li>`)}
    </ul>
  </details>`;
}
