// SPDX-License-Identifier: GPL-3.0-or-later

/** The grammars of the files in which programs read their settings, each narrower than the program's own: what it would trim, join or expand is odd. */
export type Format = "bitcoin" | "fulcrum" | "json" | "ini";

/** One setting as a file has it. */
export interface Entry {
  /** The section that it stands in, or the map of a JSON file; empty outside of any. */
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** Whether JSON has it as a text. */
  readonly quoted: boolean;
  readonly line: number;
}

/** A file of settings, read, and what of it is not plain. */
interface ReadSettings {
  readonly entries: readonly Entry[];
  readonly odd: readonly { readonly line: number; readonly why: string }[];
}

/**
 * A setting on a line of its own. bitcoind trims blanks, takes `no` before a name for its contrary and a `#` anywhere for a comment (src/common/config.cpp);
 * Fulcrum trims and knows `#` likewise (src/Util.cpp); configparser takes an indented line for more of the value above, knows `:` as well as `=`,
 * and expands `%` (Python Lib/configparser.py).
 */
const LINES: Readonly<Record<Exclude<Format, "json">, RegExp>> = {
  bitcoin: /^([a-z0-9]+)=([\x21\x22\x24-\x7e]+(?: [\x21\x22\x24-\x7e]+)*)$/,
  fulcrum: /^([a-z_-]+) = ([\x21\x22\x24-\x7e]+)$/,
  ini: /^([a-z0-9_]+) = ((?:[\x21\x22\x24\x26-\x3a\x3c-\x7e](?:[\x20-\x22\x24\x26-\x3a\x3c-\x7e]*[\x21\x22\x24\x26-\x3a\x3c-\x7e])?)?)$/,
};

/** Reads a file of settings. */
export function readSettings(text: string, format: Format): ReadSettings {
  return format === "json" ? readJson(text) : readLines(text, format);
}

function readLines(text: string, format: Exclude<Format, "json">): ReadSettings {
  const entries: Entry[] = [];
  const odd: { line: number; why: string }[] = [];
  const sections = new Set<string>();
  let section = "";
  for (const [at, one] of text.split("\n").entries()) {
    const line = at + 1;
    if (one === "" || /^#[^\r]*$/.test(one)) continue;
    const heading = format === "fulcrum" ? undefined : /^\[([A-Za-z0-9:]+)\]$/.exec(one)?.[1];
    if (heading !== undefined) {
      if (sections.has(heading)) odd.push({ line, why: `the section ${heading} begins twice` });
      sections.add(heading);
      section = heading;
      continue;
    }
    const [, key, value = ""] = LINES[format].exec(one) ?? [];
    if (key === undefined) odd.push({ line, why: `this is no plain setting: ${one}` });
    else entries.push({ section, key, value, quoted: false, line });
  }
  return { entries, odd };
}

/** The two maps of what is merged into a program's own JSON file (formulas/every-qube/merge-json.py). */
const MAPS = ["always", "unless set"];

function readJson(text: string): ReadSettings {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return { entries: [], odd: [{ line: 1, why: "it is no JSON" }] };
  }
  const odd: { line: number; why: string }[] = [];
  // Of a key that stands twice the last counts, and only one is left when it is written again; so the two differ.
  if (JSON.stringify(read).replaceAll(/\s/g, "") !== text.replaceAll(/\s/g, ""))
    odd.push({ line: 1, why: "a key stands twice, or something is written in an unusual way" });
  const maps = typeof read === "object" && read !== null && !Array.isArray(read) ? Object.entries(read) : [];
  if (maps.map(([name]) => name).join() !== MAPS.join()) odd.push({ line: 1, why: `it is not ${MAPS.join(" and ")}` });
  const lines = text.split("\n");
  const entries = maps.flatMap(([section, map]: [string, unknown]) =>
    typeof map === "object" && map !== null
      ? Object.entries(map).map(([key, value]: [string, unknown]): Entry => ({
          section,
          key,
          value: typeof value === "string" ? value : JSON.stringify(value),
          quoted: typeof value === "string",
          line: lines.findIndex((one) => one.includes(`"${key}"`)) + 1 || 1,
        }))
      : [],
  );
  return { entries, odd };
}
