// SPDX-License-Identifier: GPL-3.0-or-later

/** A line of a unit that sets something. */
export interface UnitLine {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** A unit, read, and the lines of it that are not plain. */
interface ReadUnit {
  readonly lines: readonly UnitLine[];
  readonly odd: readonly { readonly line: number; readonly why: string }[];
}

/**
 * Reads a unit by a grammar narrower than systemd's, which trims blanks, joins a line that ends in `\` with the next, and knows `;` as well as `#`
 * (systemd.syntax(7)): what it would trim or join is odd.
 */
export function readUnit(text: string): ReadUnit {
  const lines: UnitLine[] = [];
  const odd: { line: number; why: string }[] = [];
  const sections = new Set<string>();
  let section = "";
  for (const [at, one] of text.split("\n").entries()) {
    const line = at + 1;
    if (one === "" || /^#(?:.*[^\\])?$/.test(one)) continue;
    const heading = /^\[([A-Z][A-Za-z]+)\]$/.exec(one)?.[1];
    if (heading !== undefined) {
      if (sections.has(heading)) odd.push({ line, why: `the section ${heading} begins twice` });
      sections.add(heading);
      section = heading;
      continue;
    }
    const [, key, value = ""] =
      /^([A-Z][A-Za-z]*)=((?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x5b\x5d-\x7e])?)?)$/.exec(one) ?? [];
    if (key === undefined) odd.push({ line, why: `this is no plain line of a unit: ${one}` });
    else lines.push({ section, key, value, line });
  }
  return { lines, odd };
}
