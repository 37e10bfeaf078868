// SPDX-License-Identifier: GPL-3.0-or-later
/** One escape per output language: what it writes means the value, or it refuses. */
import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import * as escapes from "../src/render/escapes.ts";
import { nasty } from "./nasty.ts";

describe("escapes", () => {
  it("yaml: what it writes, a reader of YAML 1.1 reads back as it was", () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.boolean(), fc.integer()), (value) => {
        let text: string;
        try {
          text = escapes.yaml(value);
        } catch {
          expect(typeof value === "string" && /[^\x20-\x7e]/.test(value)).toBe(true);
          return;
        }
        expect(load(`- ${text}\n`)).toEqual([value]);
        expect(load(`${text}: 1\n`) as object).toEqual({ [String(value)]: 1 });
      }),
      { numRuns: 2000, seed: 8 },
    );
  });

  it.each([
    "word",
    "policy",
    "comment",
    "bitcoinConf",
    "fulcrumConf",
    "configparser",
    "shell",
    "yamlSingle",
    "markdown",
  ] as const)("%s: one line, or a refusal", (name) => {
    fc.assert(
      fc.property(nasty, (value) => {
        try {
          expect(escapes[name](value)).not.toMatch(/[\n\r\u0000-\u0008\u001b]/);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});
