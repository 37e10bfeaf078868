// SPDX-License-Identifier: GPL-3.0-or-later
import { isAlias, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit, type Document as YamlDocument, type Node } from "yaml";
import type { Diagnostic, Span } from "../kernel/diagnostic.ts";
import { Outcome } from "../kernel/outcome.ts";
import type { Document, Locate, Path, SourceFile } from "./document.ts";
import * as say from "./messages.ts";

const LARGEST = 4 * 1024 * 1024;
const decimal = /^-?(?:0|[1-9][0-9]*)$/;
// Invisible or direction-changing characters (Unicode TR 36): what a reviewer sees must be what is compiled, in comments too.
const deceptive = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/;

/** SourceFile → Document: strict YAML 1.2 with a place for every value. Refuses what would hide a value from a reader. */
export function parse(source: SourceFile): Outcome<Document> {
  const text = source.text.replace(/^\ufeff/, "");
  const lines = new LineCounter();
  const span = (start: number, end: number) => spanOf({ name: source.name, text }, lines, start, end);

  if (text.length > LARGEST) return new Outcome<Document>(undefined, [say.tooLarge.at(undefined, text.length)]);
  const hidden = deceptive.exec(text);
  if (hidden) {
    for (const line of text.matchAll(/^/gm)) lines.addNewLine(line.index);
    const what = `the character U+${hidden[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    return new Outcome<Document>(undefined, [say.notText.at(span(hidden.index, hidden.index + 1), what)]);
  }

  let document: YamlDocument.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true, merge: false, version: "1.2", prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return new Outcome<Document>(undefined, [say.tooDeep.at(span(0, 1))]);
    throw error;
  }

  const found: Diagnostic[] = document.errors.map((error) => {
    const place = span(error.pos[0], error.pos[1]);
    if (error.code === "DUPLICATE_KEY") return say.duplicateKey.at(place, text.slice(...keyRange(text, error.pos[0])));
    if (error.code === "TAB_AS_INDENT") return say.tabIndent.at(place);
    if (error.code === "MULTIPLE_DOCS") return say.cleverYaml.at(place, "second document");
    return say.notYaml.at(place, lowerFirst(error.message));
  });
  if (found.length > 0) return new Outcome<Document>(undefined, found);
  if (document.contents === null) return new Outcome<Document>(undefined, [say.emptyTopology.at(span(0, 1))]);

  found.push(...strictness(document, span));
  if (found.length > 0) return new Outcome<Document>(undefined, found);
  return new Outcome({ name: source.name, value: document.toJS({ maxAliasCount: 0 }) as unknown, locate: locator(document, span) });
}

/** What YAML allows and a topology does not. */
function strictness(document: YamlDocument.Parsed, span: (start: number, end: number) => Span): Diagnostic[] {
  const found: Diagnostic[] = [];
  const at = (node: Node) => span(node.range?.[0] ?? 0, node.range?.[1] ?? 1);
  if (document.directives?.yaml.explicit) found.push(say.cleverYaml.at(span(0, 1), "%YAML directive"));
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) found.push(say.cleverYaml.at(at(node), `alias (*${node.source})`));
      else if (node.anchor !== undefined) found.push(say.cleverYaml.at(at(node), `anchor (&${node.anchor})`));
      if (node.tag !== undefined) found.push(say.cleverYaml.at(at(node), `tag (${node.tag})`));
      if (isScalar(node) && typeof node.value === "number" && !decimal.test(node.source ?? "")) {
        found.push(say.oddNumber.at(at(node), node.source ?? ""));
      }
    },
    Pair(_key, pair) {
      if (isScalar(pair.key) && pair.key.value === "<<") found.push(say.cleverYaml.at(at(pair.key as Node), "merge key (<<)"));
    },
  });
  return found;
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
      const next: unknown = pair ? pair.value : isMap(node) || !isNode(node) ? undefined : document.getIn(path.slice(0, depth + 1), true);
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
  return { file: source.name, line: Math.max(1, line), column, length: Math.max(1, Math.min(end - start, text.length - column + 1)), text };
}

/** The key that starts at this offset, without its quotes. */
function keyRange(text: string, start: number): [number, number] {
  const end = text.slice(start).search(/\s*:(?:\s|$)/);
  return [start, end === -1 ? start + 1 : start + end];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\s*\n[\s\S]*$/, "");
}
