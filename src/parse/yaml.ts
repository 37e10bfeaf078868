// SPDX-License-Identifier: GPL-3.0-or-later
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document as YamlDocument,
  type Node,
} from "yaml";
import type { Diagnostic, Span } from "../kernel/diagnostic.ts";
import { Outcome } from "../kernel/outcome.ts";
import { deceptive } from "../kernel/printable.ts";
import type { Document, Locate, Path, SourceFile } from "./document.ts";
import * as say from "./messages.ts";

const LARGEST = 4 * 1024 * 1024;
const decimal = /^-?(?:0|[1-9][0-9]*)$/;
/** A fraction, which YAML 1.1 and 1.2 read alike; only a program's setting is ever one. */
const fraction = /^-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]$/;
/** SourceFile → Document: strict YAML 1.2 with a place for every value. Refuses what would hide a value from a reader. */
export function parse(source: SourceFile): Outcome<Document> {
  const text = source.text.replace(/^\ufeff/, "");
  const lines = new LineCounter();
  const span = (start: number, end: number) => spanOf({ name: source.name, text }, lines, start, end);

  if (text.length > LARGEST) return new Outcome<Document>(undefined, [say.tooLarge.at(undefined, text.length)]);
  const hidden = deceptive(text);
  if (hidden) {
    for (const line of text.matchAll(/^/gm)) lines.addNewLine(line.index);
    return new Outcome<Document>(undefined, [say.notText.at(span(hidden.index, hidden.index + 1), hidden.name)]);
  }

  let document: YamlDocument.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: true,
      stringKeys: true,
      merge: false,
      version: "1.2",
      prettyErrors: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return new Outcome<Document>(undefined, [say.tooDeep.at(span(0, 1))]);
    throw error;
  }

  const errors = syntaxErrors(document, text, span);
  if (errors.length > 0) return new Outcome<Document>(undefined, errors);
  if (document.contents === null) return new Outcome<Document>(undefined, [say.emptyTopology.at(span(0, 1))]);

  const { found, readable } = strictness(document, span);
  if (!readable) return new Outcome<Document>(undefined, found);
  return new Outcome(
    { name: source.name, value: document.toJS({ maxAliasCount: 0 }) as unknown, locate: locator(document, span) },
    found,
  );
}

/** What is not YAML. One slip may throw the reader off for the rest of a file: of such slips only the first is certain. */
function syntaxErrors(
  document: YamlDocument.Parsed,
  text: string,
  span: (start: number, end: number) => Span,
): Diagnostic[] {
  const found = document.errors.map((error) => {
    const place = span(error.pos[0], error.pos[1]);
    if (error.code === "DUPLICATE_KEY") {
      const range = keyRange(text, error.pos[0]);
      return say.duplicateKey.at(span(...range), text.slice(...range));
    }
    if (error.code === "TAB_AS_INDENT") return say.tabIndent.at(place);
    if (error.code === "MULTIPLE_DOCS") return say.cleverYaml.at(place, "second document");
    if (/call stack/.test(error.message)) return say.tooDeep.at(place);
    return say.notYaml.at(place, lowerFirst(error.message));
  });
  const deep = found.find((one) => one.code === say.tooDeep.code);
  if (deep) return [deep];
  const unsure = found.filter((one) => one.code === say.notYaml.code).slice(1);
  return found.filter((one) => !unsure.includes(one));
}

/** What YAML allows and a topology does not, and whether the rest can be read all the same. */
function strictness(
  document: YamlDocument.Parsed,
  span: (start: number, end: number) => Span,
): { found: Diagnostic[]; readable: boolean } {
  const clever: Diagnostic[] = [];
  const numbers: Diagnostic[] = [];
  const at = (node: Node) => span(node.range?.[0] ?? 0, node.range?.[1] ?? 1);
  if (document.directives?.yaml.explicit) clever.push(say.cleverYaml.at(span(0, 1), "%YAML directive"));
  visit(document, {
    Node(_key, node, path) {
      if (isAlias(node)) clever.push(say.cleverYaml.at(at(node), `alias (*${node.source})`));
      else if (node.anchor !== undefined) clever.push(say.cleverYaml.at(at(node), `anchor (&${node.anchor})`));
      if (node.tag !== undefined)
        clever.push(say.cleverYaml.at(at(node), `tag (${node.tag.replace("tag:yaml.org,2002:", "!!")})`));
      if (isScalar(node) && typeof node.value === "number" && !plain(node.source ?? "", path)) {
        numbers.push(say.oddNumber.at(at(node), node.source ?? ""));
      }
    },
    Pair(_key, pair) {
      // JavaScript would take it for the map's prototype, and drop it without a word.
      if (isScalar(pair.key) && pair.key.value === "__proto__") {
        clever.push(say.cleverYaml.at(at(pair.key as Node), "key named __proto__"));
      }
      if (isScalar(pair.key) && pair.key.value === "<<")
        clever.push(say.cleverYaml.at(at(pair.key as Node), "merge key (<<)"));
    },
  });
  return { found: [...clever, ...numbers], readable: clever.length === 0 };
}

function locator(document: YamlDocument.Parsed, span: (start: number, end: number) => Span): Locate {
  const rangeOf = (node: unknown): Span | undefined =>
    isNode(node) && node.range ? span(node.range[0], node.range[1]) : undefined;

  return (path: Path, part = "value") => {
    let node: unknown = document.contents;
    let best = rangeOf(node) ?? span(0, 1);
    let key: Span | undefined;
    for (const [depth, step] of path.entries()) {
      const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === step) : undefined;
      const next: unknown = pair
        ? pair.value
        : isMap(node) || !isNode(node)
          ? undefined
          : document.getIn(path.slice(0, depth + 1), true);
      const under = isPair(pair) ? rangeOf(pair.key) : rangeOf(next);
      if (under === undefined) return key ?? best; // a missing key: what lacks it
      key = under;
      best = rangeOf(next) ?? key;
      node = next;
    }
    return part === "key" ? (key ?? best) : best;
  };
}

function spanOf(source: SourceFile, lines: LineCounter, start: number, end: number): Span {
  const { line, col } = lines.linePos(start);
  const begin = lines.lineStarts[line - 1] ?? 0;
  const stop = source.text.indexOf("\n", begin);
  const text = source.text.slice(begin, stop === -1 ? undefined : stop).replace(/\r$/, "");
  const column = Math.max(1, col);
  return {
    file: source.name,
    line: Math.max(1, line),
    column,
    length: Math.max(1, Math.min(end - start, text.length - column + 1)),
    text,
  };
}

/** The key that starts at this offset, without its quotes. */
function keyRange(text: string, start: number): [number, number] {
  const end = text.slice(start).search(/\s*:(?:\s|$)/);
  return [start, end === -1 ? start + 1 : start + end];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\s*\n[\s\S]*$/, "");
}

/** Whether a number is written so that nobody reads it differently: whole, or below `settings:` with a point. */
function plain(source: string, path: readonly unknown[]): boolean {
  if (decimal.test(source)) return true;
  const setting = path.some((one) => isPair(one) && isScalar(one.key) && one.key.value === "settings");
  return setting && fraction.test(source);
}
