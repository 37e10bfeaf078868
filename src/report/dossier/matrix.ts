// SPDX-License-Identifier: GPL-3.0-or-later
import type { Pair } from "../../audit/pairs.ts";
import type { Way } from "../../audit/ways.ts";
import { qube, type Dossier } from "./dossier.ts";
import { html, type Content, type Html } from "./html.ts";

/** What a cell says of its pair, by the strongest of its ways: the order is that in which a pair's ways are told. */
const WORDS: Readonly<Record<Way["kind"], string>> = {
  link: "port",
  network: "net",
  onion: "onion",
  call: "calls",
  clock: "clock",
  ask: "asks",
};

/** Who reaches whom, as a table, and pair by pair with what opens or closes each. */
export function matrix(dossier: Dossier): Html {
  const { pairs } = dossier;
  const ends = [...new Set(pairs.map(({ from }) => from))];
  const numbers = new Map(pairs.map((pair, at) => [`${pair.from}\n${pair.to}`, at]));
  const at = (from: string, to: string) => numbers.get(`${from}\n${to}`);
  const cell = (from: string, to: string): Html => {
    const number = at(from, to);
    if (number === undefined) return html`<td></td>`;
    const kind = pairs[number]?.ways[0]?.kind;
    return html`<td class="${kind ?? "no"}">
      <a href="#pair-${number}">${kind === undefined ? "–" : WORDS[kind]}</a>
    </td>`;
  };
  return html`<p class="wide">
      Each row reaches each column by what stands in the cell, and that leads to the pair below. Empty cells are between
      qubes that are not of this tree.
    </p>
    <p>
      <b>port</b> of a qube, over qrexec; <b>net</b> and <b>onion</b>, a network and an onion service; <b>calls</b> and
      <b>clock</b>, other services of qrexec; <b>asks</b>, only if you say so each time; <b>–</b>, nothing, with the
      line that closes it. Of several the strongest stands first.
    </p>
    <div class="matrix" tabindex="0" role="group" aria-label="Table: who reaches whom; the same stands below in words">
      <table>
        <thead>
          <tr>
            <th scope="col">from \\ to</th>
            ${ends.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${ends.map(
            (from) =>
              html`<tr>
                <th scope="row">${from}</th>
                ${ends.map((to) => cell(from, to))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${ends.map((from) => {
      const own = pairs.filter((one) => one.from === from);
      const open = own.filter(({ ways }) => ways.some(({ kind }) => kind !== "ask"));
      return html`<details class="pairs">
        <summary>
          From ${from}
          <span class="quiet"
            >${open.length === 0 ? "nothing passes by itself" : `to ${open.map(({ to }) => to).join(", ")}`}</span
          >
        </summary>
        <dl class="rows">
          ${own.map(
            (pair) =>
              html`<dt id="pair-${at(pair.from, pair.to)}">${qube(pair.to, dossier)}</dt>
                <dd>${told(pair, dossier)}</dd>`,
          )}
        </dl>
      </details>`;
    })}`;
}

function told({ ways, denied, rest }: Pair, dossier: Dossier): Content {
  const { anchors } = dossier;
  const asked = ways.filter(({ kind }) => kind === "ask");
  const open = ways.filter(({ kind }) => kind !== "ask");
  const lines = (one: NonNullable<Pair["denied"]>) =>
    (one.lines ?? (one.by ? [one.by] : [])).map((place) => html` (${anchors.link(place)})`);
  return html`<ul>
    ${open.map(({ what, kind, by, starts }) => html`<li><b>${WORDS[kind]}</b> ${what}${starts ? ", and starts it" : ""} (${anchors.link(by)})</li>`)}
    ${asked.length > 0 ? html`<li><b>asks</b> ${asked.map(({ what, by }, at) => html`${at > 0 ? "; " : ""}${what.replace(/, if you say so each time$/, "")} (${anchors.link(by)})`)}</li>` : undefined}
    ${denied ? html`<li><b>–</b> ${denied.why}${lines(denied)}</li>` : undefined}
    ${!denied && rest ? html`<li><b>–</b> every other port: ${rest.why}${lines(rest)}</li>` : undefined}
  </ul>`;
}
