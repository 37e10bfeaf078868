// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { modeAt, walk } from "../src/io/disk.ts";
import { roles } from "../src/roles/index.ts";
import { jsonSchema } from "../src/topology/json-schema.ts";
import { compiled, examples, exampleText, project } from "./compiled.ts";

describe.each(examples)("the example %s", (name) => {
  const folder = path.join(project, "examples", name);
  const expected = path.join(folder, "expected");

  it("compiles to exactly its expected tree, no file more, no file less", () => {
    const { tree } = compiled(exampleText(name));
    expect([...tree.keys()]).toEqual(walk(expected));
    for (const [file, { text }] of tree) {
      expect(text, file).toBe(readFileSync(path.join(expected, file), "utf8"));
    }
  });

  it("keeps the one thing that git knows of modes: what can be run", () => {
    const { tree } = compiled(exampleText(name));
    for (const [file, { mode }] of tree) {
      expect(modeAt(path.join(expected, file)).charAt(1) === "7", file).toBe(mode === "0755");
    }
  });

  it("has a README and names the schema for editors in its first line", () => {
    expect(existsSync(path.join(folder, "README.md"))).toBe(true);
    expect(exampleText(name).split("\n")[0]).toBe("# yaml-language-server: $schema=../topology.schema.json");
  });
});

it("the JSON Schema beside the examples is the one that the compiler writes", () => {
  expect(jsonSchema(roles)).toBe(readFileSync(path.join(project, "examples/topology.schema.json"), "utf8"));
});
