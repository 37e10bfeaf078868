// SPDX-License-Identifier: GPL-3.0-or-later
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Html } from "../html.ts";
import type { Answering } from "./answer.ts";

/** What Qubes' backup takes in by the states, what it leaves out, and what must be kept besides. */
export const backups: Answering = (dossier) => {
  const { keepers, audit, claims, runbook } = dossier;
  const names = audit.machine.ours.map(({ name }) => name);
  const kept = names.filter((name) => inBackups(name, dossier) === true);
  const left = names.filter((name) => inBackups(name, dossier) === false);
  const unsaid = names.filter((name) => inBackups(name, dossier) === undefined);
  const others = names.filter((name) => claims?.qubes[name]?.holds.what === "keys" && !keepers.includes(name));
  const lost = keepers.filter((name) => !kept.includes(name));
  return {
    question: "What of it is in backups, and what must I keep?",
    short: [
      kept.length > 0 ? html`Qubes' backup takes in ${listed(kept)}` : "Qubes' backup takes in none of them",
      left.length > 0 ? html`, and leaves out ${listed(left)}. ` : ". ",
      unsaid.length > 0 ? html`No state says it of ${listed(unsaid)}. ` : undefined,
      lost.length > 0 ? html`A wallet that no state puts into backups: ${listed(lost)}. ` : undefined,
      others.length > 0 ? html`Keys of another kind lie in ${listed(others)}. ` : undefined,
      keepers.length > 0 ? html`Keep the seed words of ${listed(keepers)} on paper.` : undefined,
    ],
    more: html`<dl class="rows">
        ${names.map(
          (name) =>
            html`<dt>${qube(name, dossier)}</dt>
              <dd>${words(inBackups(name, dossier))} ${claims?.qubes[name]?.holds.words}</dd>`,
        )}
      </dl>
      ${
        runbook.backups.length > 0
          ? html`<p>In the runbook's words:</p>
              <ul>
                ${runbook.backups.map((one) => html`<li>${one}</li>`)}
              </ul>`
          : undefined
      }`,
  };
};

function inBackups(name: string, { audit }: Dossier): boolean | undefined {
  const value = audit.facts.qubes.get(name)?.prefs.get("include_in_backups")?.value;
  return typeof value === "boolean" ? value : undefined;
}

function words(value: boolean | undefined): Html {
  return value === undefined ? html`<b>Not said.</b>` : value ? html`<b>In.</b>` : html`<b>Left out.</b>`;
}
