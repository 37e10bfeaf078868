// SPDX-License-Identifier: GPL-3.0-or-later

/** Signs that YAML treats in a way of its own, wherever they stand: control characters, other line breaks and blanks, a byte order mark. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const ODD = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

/** A key: a JSON text without escapes, or a function of Salt's, which no reader of YAML takes for anything but a text. */
const ENTRY = /^(?:"([^"\\]*)"|([a-z_]+\.[a-z_]+)):(?: (.+))?$/;

/** Thrown inside of this file alone. */
class NotPlain extends Error {}

/**
 * Reads the YAML that states are usually written in, block maps and lists whose values are JSON texts, whole numbers and truth values, ten times
 * as fast as a reader of all YAML: of these, YAML 1.1 and JSON mean the same. Undefined for anything else, also for what would be refused: that is
 * for the whole reader to say.
 */
export function readPlainYaml(text: string): unknown {
  if (ODD.test(text)) return undefined;
  try {
    return new Lines(text).document();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class Lines {
  private readonly indents: number[] = [];
  private readonly texts: string[] = [];
  private at = 0;

  constructor(text: string) {
    for (const line of text.split("\n")) {
      // Blanks alone are indentation: trimStart would take off others, before which a # begins no comment.
      const bare = line.replace(/^ +/, "");
      // A comment may stand at any depth: all our values end on their own line.
      if (bare === "" || bare.startsWith("#")) continue;
      this.indents.push(line.length - bare.length);
      this.texts.push(bare);
    }
  }

  document(): unknown {
    if (this.texts.length === 0 || this.indents[0] !== 0) throw new NotPlain();
    const value = this.block();
    if (this.at < this.texts.length) throw new NotPlain();
    return value;
  }

  /** What begins at this line: a list or a map, whose entries all stand at its depth. */
  private block(): unknown {
    const depth = this.indents[this.at] ?? 0;
    return this.isItem(depth) ? this.list(depth) : this.map(depth);
  }

  private isItem(depth: number): boolean {
    return this.indents[this.at] === depth && (this.texts[this.at]?.startsWith("- ") ?? false);
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = [];
    while (this.isItem(depth)) {
      const rest = this.texts[this.at]?.slice(2) ?? "";
      if (!ENTRY.test(rest)) {
        items.push(scalar(rest));
        this.at += 1;
        continue;
      }
      // A map begins on the line of its dash, and goes on two columns further in.
      this.indents[this.at] = depth + 2;
      this.texts[this.at] = rest;
      items.push(this.map(depth + 2));
    }
    return items;
  }

  private map(depth: number): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    while (this.indents[this.at] === depth && !this.isItem(depth)) {
      const [whole, quoted, plain = "", value] = ENTRY.exec(this.texts[this.at] ?? "") ?? [];
      const key = quoted ?? plain;
      if (whole === undefined || Object.hasOwn(found, key) || key === "__proto__" || key === "") throw new NotPlain();
      this.at += 1;
      if (value !== undefined) found[key] = scalar(value);
      else if ((this.indents[this.at] ?? 0) > depth || this.isItem(depth)) found[key] = this.block();
      else throw new NotPlain();
    }
    if ((this.indents[this.at] ?? 0) > depth) throw new NotPlain();
    return found;
  }
}

function scalar(text: string): unknown {
  if (text === "true") return true;
  if (text === "false") return false;
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  if (/^"[^"\\]*"$/.test(text)) return text.slice(1, -1);
  // JSON and YAML 1.1 agree about these escapes, and PyYAML knows no \/.
  if (/^"(?:[^"\\]|\\["\\nrt])*"$/.test(text)) return JSON.parse(text) as string;
  throw new NotPlain();
}
