// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Handlebars from "handlebars";
import { describe, expect, it } from "vitest";
import { escapesFor } from "./escapes-for.ts";
import { project } from "./compiled.ts";

const folder = path.join(project, "salt-templates");
const templates = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".hbs"));
const sources = readdirSync(path.join(project, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(path.join(project, "src", name), "utf8"))
  .join("\n");

describe.each(templates)("the template %s", (name) => {
  const text = readFileSync(path.join(folder, name), "utf8");

  it("puts every value through an escape of the language that it is written in", () => {
    const wrong: string[] = [];
    const visitor = new Handlebars.Visitor();
    visitor.MustacheStatement = function (node: hbs.AST.MustacheStatement) {
      const helper = (node.path as hbs.AST.PathExpression).original;
      if (node.params.length === 0 || !escapesFor(name).includes(helper))
        wrong.push(`${node.loc.start.line}: {{${helper}}}`);
    };
    visitor.accept(Handlebars.parse(text));
    expect(wrong).toEqual([]);
  });

  it("holds no Jinja and is used", () => {
    expect(text).not.toMatch(/\{[%]/);
    expect(sources).toContain(`salt-templates/${name}"`);
  });

  if (/\.(?:sls|top)\.hbs$/.test(name)) {
    it("switches Jinja off in its first line", () => expect(text.startsWith("#!yaml\n")).toBe(true));
  }
});
