// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from "vitest";
import { compiled, examples, exampleText } from "./compiled.ts";

/** Lines that carry no setting of their own: sections, and what closes or continues one. */
const structure = /^\s*(?:\[.*\]|---|#!.*|)$/;

describe.each(examples)("in the example %s", (name) => {
  const { tree, model } = compiled(exampleText(name));
  const landing = [...tree].filter(([path]) => path.includes("/files/"));

  it.each(landing.filter(([path]) => /\.(?:cfg|conf|service|socket|desktop)$/.test(path)).map(([path]) => path))(
    "every setting of %s has its reason on the line above",
    (path) => {
      const lines = (tree.get(path)?.text ?? "").split("\n");
      const bare = lines.filter(
        (line, at) => !structure.test(line) && !line.startsWith("#") && !/^#+ \S/.test(lines[at - 1] ?? ""),
      );
      expect(bare).toEqual([]);
      expect(lines.some((line) => /^#.*Source/.test(line))).toBe(true);
    },
  );

  it("every group of policy lines has its reason and source", () => {
    for (const [path, { text }] of landing.filter(([one]) => one.endsWith(".policy"))) {
      for (const group of text.trim().split("\n\n").slice(1)) {
        expect(group.split("\n")[0], path).toMatch(/^# \S.*[.:]$/);
        expect(group.split("\n")[1], path).toMatch(/^# Source: \S/);
      }
    }
  });

  it("every state has a comment", () => {
    for (const [path, { text }] of tree) {
      if (!path.endsWith(".sls")) continue;
      const lines = text.split("\n");
      const bare = lines.filter(
        (line, at) => /^".*":$/.test(line) && line !== '"include":' && !lines[at - 1]?.startsWith("#"),
      );
      expect(bare, path).toEqual([]);
    }
  });

  it("the runbook names real qubes and has no hole", () => {
    const text = tree.get("README.md")?.text ?? "";
    for (const { name: qube } of model.qubes) expect(text).toContain(qube);
    expect(text).not.toMatch(/undefined|\[object|\{\{/);
  });
});
