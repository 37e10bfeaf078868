// SPDX-License-Identifier: GPL-3.0-or-later
import { visible } from "../../kernel/printable.ts";

/** A piece of a page. Only `html` makes one, so a text that was not escaped cannot become markup. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a piece: pieces as they are, texts and numbers escaped, lists one after the other, nothing for nothing. */
export type Content = Html | string | number | undefined | readonly Content[];

/** Makes a piece of a page out of our own words and somebody's values: every value is escaped unless it is a piece itself. */
export function html(ours: TemplateStringsArray, ...values: readonly Content[]): Html {
  const parts = ours.map((own, at) => {
    // How our source is set out is nothing that a page needs.
    const plain = own.replaceAll(/\n\s+/g, "\n");
    return at === 0 ? plain : `${shown(values[at - 1])}${plain}`;
  });
  return new Html(parts.join(""));
}

function shown(value: Content): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(shown).join("");
  return escaped(String(value));
}

/** A text for an element or an attribute in quotes. */
function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** A text of ours or of a runbook, with what stands between backticks as code. */
export function prose(text: string): Content {
  return text.split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A piece that was made elsewhere, in markup that escapes by itself: the diagram. */
export function madeElsewhere(markup: string): Html {
  return new Html(markup);
}

/** Things as people name them: `a, b and c`. */
export function listed(items: readonly Content[], last = "and"): Content {
  return items.map((item, at) => [at === 0 ? "" : at === items.length - 1 ? ` ${last} ` : ", ", item]);
}

/** `1 qube`, `2 qubes`. */
export function count(number: number, what: string, many = `${what}s`): string {
  return `${number} ${number === 1 ? what : many}`;
}
