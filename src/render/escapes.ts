// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * One function per output language. Each either gives text that means exactly the value in that language, or throws: a value that cannot be
 * written was let in by mistake, and that is the compiler's fault, not the topology's.
 */

const refuse = (language: string, value: unknown): never => {
  throw new Error(`${JSON.stringify(value)} cannot be written into ${language}`);
};
const printable = /^[\x20-\x7e]*$/;

/** A YAML 1.1 scalar as Salt reads it: texts in double quotes, whole numbers and truth values bare. */
export function yaml(value: unknown): string {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value))) return String(value);
  if (typeof value === "string" && printable.test(value)) return JSON.stringify(value);
  return refuse("YAML", value);
}

/** A YAML text in single quotes, in which nothing but the quote is special: for regular expressions. */
export function yamlSingle(value: unknown): string {
  if (typeof value === "string" && printable.test(value) && !value.includes("'")) return `'${value}'`;
  return refuse("single-quoted YAML", value);
}

/** A state's ID: the formula's name first, so that IDs of two formulas never meet. */
export function id(...parts: unknown[]): string {
  return yaml(parts.map(String).join("-"));
}

/** The name by which Salt includes a state file. */
export function sls(...parts: unknown[]): string {
  if (parts.some((part) => typeof part !== "string" || !/^[A-Za-z0-9_-]+$/.test(part))) refuse("a state's name", parts);
  return yaml(parts.join("."));
}

/** One word without a meaning to shells, systemd, tor, bash or YAML: a name, a path, a number, an address. */
export function word(value: unknown): string {
  const text = String(value);
  if (typeof value !== "object" && /^[A-Za-z0-9._/:@+-]+$/.test(text) && !text.startsWith("-")) return text;
  return refuse("a word", value);
}

/** A shell word in single quotes. */
export function shell(value: unknown): string {
  if (typeof value === "string" && printable.test(value) && !/['"\\]/.test(value)) return `'${value}'`;
  return refuse("a quoted shell word", value);
}

/** The rest of a comment line, in any of the languages that begin one with #. */
export function comment(value: unknown): string {
  if (typeof value === "string" && printable.test(value) && value !== "") return value;
  return refuse("a comment", value);
}

/** A value of bitcoin.conf: `#` begins a comment anywhere in a line, and blanks at its ends are dropped (Bitcoin Core src/common/config.cpp). */
export function bitcoinConf(value: unknown): string {
  const text = String(value);
  if (typeof value !== "object" && /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text) && !text.includes("#")) return text;
  return refuse("bitcoin.conf", value);
}

/** A value of fulcrum.conf: everything behind `#` is dropped in silence (Fulcrum src/Util.cpp). */
export function fulcrumConf(value: unknown): string {
  const text = String(value);
  if (typeof value !== "object" && /^[\x21-\x7e]+$/.test(text) && !text.includes("#")) return text;
  return refuse("fulcrum.conf", value);
}

/** A value of joinmarket.cfg: Python's configparser interpolates `%`, and a leading blank would continue the line above. May be empty. */
export function configparser(value: unknown): string {
  const text = String(value);
  if (typeof value !== "object" && /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(text) && !/[%#;]/.test(text))
    return text;
  return refuse("joinmarket.cfg", value);
}

/** One field of a qrexec policy line, or of a call that a policy decides (qubes-core-qrexec qrexec/policy/parser.py). */
export function policy(value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z0-9@:*+._=-]+$/.test(value)) return value;
  return refuse("a policy", value);
}

/** Text of a Markdown paragraph or code span: ours or a name, never a topology's free text. */
export function markdown(value: unknown): string {
  const text = String(value);
  if (typeof value !== "object" && printable.test(text)) return text;
  return refuse("Markdown", value);
}
