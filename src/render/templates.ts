// SPDX-License-Identifier: GPL-3.0-or-later
import Handlebars from "handlebars/runtime";
import type { CompiledTemplate } from "../model/parts.ts";
import * as escapes from "./escapes.ts";

const engine = Handlebars.create();
for (const [name, escape] of Object.entries(escapes)) {
  engine.registerHelper(name, (...args: unknown[]) =>
    (escape as (...values: unknown[]) => string)(...args.slice(0, -1)),
  );
}

type Run = (view: unknown) => string;
const ready = new WeakMap<CompiledTemplate, Run>();

/** Fills a template of `salt-templates/` with a view. Throws on a name that the view does not have: that is a slip in the compiler. */
export function fill(template: CompiledTemplate, view: object): string {
  const run = ready.get(template) ?? (engine.template(template) as Run);
  ready.set(template, run);
  return run(strictView(view));
}

/** Handlebars' own strictness lets `{{#if typo}}` and `{{#each typo}}` pass; such a view answers to its own names only. */
function strictView(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strictView);
  if (typeof value !== "object" || value === null) return value;
  const own = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strictView(inner)]));
  return new Proxy(own, {
    has: (view, key) => key in view || missing(key, view),
    get: (view, key) =>
      typeof key === "symbol" || Object.hasOwn(view, key) ? Reflect.get(view, key) : missing(key, view),
  });
}

function missing(key: string | symbol, view: object): never {
  throw new Error(`a template asks for "${String(key)}"; its view has ${Object.keys(view).join(", ")}`);
}
