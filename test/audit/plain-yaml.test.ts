// SPDX-License-Identifier: GPL-3.0-or-later
/** The quick reader of states says what the whole one says, or nothing. */
import fc from "fast-check";
import { load, YAML11_SCHEMA } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readPlainYaml } from "../../src/audit/plain-yaml.ts";
import { examples } from "../compiled.ts";
import { good } from "./harm.ts";

const whole = (text: string) => load(text, { schema: YAML11_SCHEMA });
const states = examples.flatMap((name) =>
  [...good(name)].filter(([path]) => /\.(?:sls|top)$/.test(path)).map(([, { text }]) => text),
);

describe("the quick reader", () => {
  it("reads every state file that is made, and as the whole one does", () => {
    for (const text of states) expect(readPlainYaml(text)).toEqual(whole(text));
    expect(states.length).toBeGreaterThan(50);
  });

  it.each([
    ["a word that YAML 1.1 takes for a truth value", '"a":\n  - "b": no'],
    ["a number with a leading zero", '"a":\n  - "b": 0644'],
    ["minutes", '"a":\n  - "b": 1:30'],
    ["nothing", '"a":\n  - "b":'],
    ["a plain key", "yes:\n  - 1"],
    ["a flow list", '"a": [1, 2]'],
    ["a flow map", '"a": {"b": 1}'],
    ["a text over two lines", '"a": "b\n  c"'],
    ["a literal", '"a": |\n  b: 1'],
    ["an escape of YAML alone", '"a": "\\x41"'],
    ["a key with an escape", '"a\\"b": 1'],
    ["an anchor", '"a": &x "b"\n"c": *x'],
    ["a tag", '"a": !!str 1'],
    ["a merge", '"a":\n  "<<": 1'],
    ["a comment behind a value", '"a": "b" # c'],
    ["a tab", '"a":\t"b"'],
    ["another line break", '"a": "b\u2028c"'],
    ["a key twice", '"a": 1\n"a": 2'],
    ["a second document", '"a": 1\n---\n"b": 2'],
    ["a line that stands deeper than it may", '"a": 1\n  "b": 2'],
    ["a line between two depths", '"a":\n    "b": 1\n  "c": 2'],
    ["an item deeper than the first", '"a":\n  - 1\n    - 2'],
    ["a list with a map behind it", '"a":\n- 1\n"b": 2\n- 3'],
    ["a document that is a text", '"a"'],
    ["an empty one", "# nothing\n"],
  ])("leaves to the whole one, or reads as that does: %s", (_what, text) => {
    const quick = readPlainYaml(text);
    if (quick !== undefined) expect(quick).toEqual(whole(text));
  });

  it("never says anything else of a text that was changed at random", () => {
    const pieces = [
      "- ",
      "  ",
      "    ",
      '"a"',
      '"a":',
      ": ",
      ":",
      "true",
      "no",
      "0",
      "07",
      "[1]",
      "#",
      '"',
      "\\",
      "|",
      "a.b:",
      "&x ",
      "\n",
      "'",
      "- - ",
      "? ",
    ];
    const change = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...pieces), fc.nat(6));
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...states), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
        const start = (changes[0]?.[0] ?? 0) % Math.max(1, text.length - 1500);
        // A part of the file, from the beginning of some state to that of another.
        const from = Math.max(0, text.indexOf('\n"', start)) + 1;
        const to = text.indexOf('\n"', from + 600);
        let piece = text.slice(from, to === -1 ? undefined : to + 1);
        for (const [, where, more, drop] of changes) {
          const at = where % Math.max(1, piece.length);
          piece = piece.slice(0, at) + more + piece.slice(at + drop);
        }
        const quick = readPlainYaml(piece);
        if (quick === undefined) return;
        read += 1;
        expect(quick).toEqual(whole(piece));
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(read).toBeGreaterThan(300);
  });
});
