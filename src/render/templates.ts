// SPDX-License-Identifier: GPL-3.0-or-later
import Handlebars from "handlebars/runtime";
import step from "../../salt-templates/tree/step.md.hbs";
import sandbox from "../../salt-templates/units/sandbox.hbs";
import type { CompiledTemplate } from "../model/parts.ts";
import * as escapes from "./escapes.ts";

const engine = Handlebars.create();
for (const [name, escape] of Object.entries(escapes)) {
  engine.registerHelper(name, (...args: unknown[]) =>
    (escape as (...values: unknown[]) => string)(...args.slice(0, -1)),
  );
}

// What stands in more than one place: how daemons are shut in, a step of the runbook. `{{> sandbox view}}` puts it in.
engine.registerPartial("sandbox", engine.template(sandbox));
engine.registerPartial("step", engine.template(step));

type Run = (view: unknown) => string;
const ready = new WeakMap<CompiledTemplate, Run>();

/** Fills a template of `salt-templates/` with a view. Throws on a name that the view does not have: that is a slip in the compiler. */
export function fill(template: CompiledTemplate, view: object): string {
  const run = ready.get(template) ?? (engine.template(template) as Run);
  ready.set(template, run);
  const text = run(strictView(view));
  // Nothing may hold it. And V8 keeps a text as the thousand pieces that it was put together from until somebody looks into it, which costs memory.
  if (text.includes("\0")) throw new Error("a template made a NUL");
  return text;
}

/** Handlebars' own strictness lets `{{#if typo}}` and `{{#each typo}}` pass; such a view answers to its own names only, at every depth. */
function strictView<T extends object>(view: T): T {
  const list = Array.isArray(view);
  return new Proxy(view, {
    has: (own, key) => key in own || (list ? false : missing(key, own)),
    get: (own, key) => {
      if (!list && typeof key !== "symbol" && !Object.hasOwn(own, key)) missing(key, own);
      const value: unknown = Reflect.get(own, key);
      return typeof value === "object" && value !== null ? strictView(value) : value;
    },
  });
}

function missing(key: string | symbol, view: object): never {
  throw new Error(`a template asks for "${String(key)}"; its view has ${Object.keys(view).join(", ")}`);
}
