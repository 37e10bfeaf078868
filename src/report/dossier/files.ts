// SPDX-License-Identifier: GPL-3.0-or-later
import type { Landed } from "../../audit/facts.ts";
import { OWN_PROGRAMS } from "../../audit/own-programs.ts";
import { sha256 } from "../../render/manifest.ts";
import type { Dossier } from "./dossier.ts";
import { count, html, type Html } from "./html.ts";
import { reasonOf } from "./reasons.ts";
import { sheet } from "./sheet.ts";
import { isOwnFile, isPolicy } from "./where.ts";

/** The files that the states write in a machine: path, owner, mode, why, and their whole texts. */
export function files(machine: string, dossier: Dossier): Html | undefined {
  const own = dossier.audit.facts.landed.filter((one) => one.machine === machine && !isPolicy(one));
  return own.length === 0
    ? undefined
    : html`<ul class="files">
        ${own.map((one) => html`<li>${file(one, dossier)}</li>`)}
      </ul>`;
}

function file(landed: Landed, dossier: Dossier): Html {
  const { path, mode, user, group, text, state } = landed;
  const { audit, anchors } = dossier;
  const owner = `${user ?? "?"}:${group ?? "?"}, ${mode ?? "mode not said"}`;
  const why = reasonOf(audit.facts.tree, state, path);
  const head = html`<code class="path">${path}</code> <span class="quiet">${owner}</span>`;
  const about = html`<p>${why} <span class="quiet">(${anchors.link(state)})</span></p>`;
  if (text === undefined)
    return html`<p>${head}</p>
      ${about}
      <p class="quiet">${elsewhere(landed)}</p>`;
  const twin = firstOf(landed, dossier);
  if (twin !== landed && twin.text !== undefined)
    return html`<p>${head}</p>
      ${about}
      <p class="quiet">The same text as <a href="#${textMark(twin, dossier)}">${twin.path} of ${twin.machine}</a>.</p>`;
  const lines = count(text.split("\n").length - 1, "line");
  const program = isProgram(text);
  return html`<details id="${textMark(landed, dossier)}" ${program ? html` class="long"` : undefined}>
    <summary>${head} <span class="quiet">${program ? "a program, " : ""}${lines}</span></summary>
    ${about}${program ? html`<p class="quiet">${readBefore(text)} sha256 <code class="digest">${sha256(text)}</code></p>` : undefined}
    ${sheet(text, isOwnFile(landed) ? (line) => anchors.at(landed.origin, line) : undefined)}
  </details>`;
}

/** What is known of a program: whether it is one of ours, or whether nobody has read it. */
export function readBefore(text: string): string {
  return OWN_PROGRAMS.has(text)
    ? "Byte for byte as this version of qwbtc-salt lays it down."
    : "None that this version of qwbtc-salt lays down: nobody here has read it.";
}

/** What is written without a text in the tree. */
function elsewhere({ state }: Landed): string {
  const pillar = state.args.get("contents_pillar");
  if (pillar !== undefined) return `A secret: dom0's pillar has it, at ${String(pillar)}; the tree does not.`;
  const source = state.args.get("source");
  return source === undefined
    ? "The state gives it no text."
    : `Its text comes from ${String(source)}, which is not in the tree.`;
}

/** Several qubes have the same programs: each text is shown once, but for one that has lines to which something leads. */
function firstOf(landed: Landed, { audit, anchors }: Dossier): Landed {
  const same = ({ text, origin }: Landed) =>
    text === landed.text && (origin === landed.origin || !anchors.isMarked(landed.origin));
  return audit.facts.landed.find((one) => !isPolicy(one) && same(one)) ?? landed;
}

function textMark(landed: Landed, { audit }: Dossier): string {
  return `text-${audit.facts.landed.indexOf(landed)}`;
}

/** Whether a file is run by itself. */
function isProgram(text: string): boolean {
  return text.startsWith("#!");
}
