// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Characters that are invisible, act on a terminal, or change the direction of the text around them (Unicode TR 36), and the mark of bytes that
 * are no UTF-8: what a reviewer sees must be what is compiled, in comments too. Tabs and line breaks are none of them.
 */
const DECEPTIVE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/;

/** The first such character of a text: its offset and its code point as U+XXXX. */
export function deceptive(text: string): { index: number; name: string } | undefined {
  const found = DECEPTIVE.exec(text);
  if (!found) return undefined;
  return { index: found.index, name: `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}` };
}

/** A line of text for a terminal: one blank for each character that is not plainly visible, so that columns stay what they are. */
export function printable(text: string): string {
  return text.replaceAll(new RegExp(`${DECEPTIVE.source}|[\\t\\n\\r]`, "g"), " ");
}

/** All that Unicode calls control, format, private or separator, half a pair, and the letters that are drawn as nothing; tabs and line breaks too. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u{a0}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{fffd}]|\u{34f}/gu;

/** A text for a page: characters that nobody sees, or that move what stands around them, stand there by their numbers; tabs and line breaks stay. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (sign) => {
    if (sign === "\n" || sign === "\t") return sign;
    return `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}
