// SPDX-License-Identifier: GPL-3.0-or-later
import { html, type Html } from "./html.ts";

/** A file's text, line for line as it is: what it says stands out, the comments above it are quieter, lines to which something leads are marked. */
export function sheet(text: string, at: (line: number) => string | undefined = () => undefined): Html {
  const lines = text.replace(/\n$/, "").split("\n");
  return html`<pre class="sheet" tabindex="0">${lines.map((line, index) => row(line, at(index + 1)))}</pre>`;
}

function row(line: string, mark: string | undefined): Html {
  const end = "\n";
  if (mark !== undefined) return html`<b id="${mark}">${line}</b>${end}`;
  if (line === "") return html`${end}`;
  return /^\s*(?:#|\/\/|;)/.test(line) ? html`<i>${line}</i>${end}` : html`<b>${line}</b>${end}`;
}
