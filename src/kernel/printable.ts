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
