// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Every state calls a function that the real Salt has, with arguments that the function knows: of most it swallows an unknown one without a
 * word. dom0's are applied in dom0.test.ts, by Qubes' own modules' stand-in, which refuses what it does not know.
 */
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { compiled, examples, exampleText } from "./compiled.ts";
import { run } from "./judges.ts";
import { salts } from "./salts/salts.ts";

type States = Record<string, Record<string, Record<string, unknown>[]>>;

/** What any state may have (Salt documentation, requisites and global state arguments). */
const GLOBAL = ["name", "names", "require", "onchanges", "onlyif", "unless"];

/** Arguments that a function takes from its keywords: its documentation names them, its signature does not. */
const KEYWORDS: Record<string, readonly string[]> = {
  "file.directory": ["mode"],
  "pkg.installed": ["install_recommends"],
};

const signatures = `
import importlib, inspect, json, sys
answer = {}
for name in json.load(sys.stdin):
    module, _, function = name.partition(".")
    found = getattr(importlib.import_module("salt.states." + module), function, None)
    answer[name] = sorted(inspect.signature(found).parameters) if found else None
json.dump(answer, sys.stdout)
`;

describe.each(await salts())("Salt $version", ({ python }) => {
  it("knows every function and every argument of the states of all examples", () => {
    const used = new Map<string, Set<string>>();
    for (const [, { text }] of examples.flatMap((name) =>
      [...compiled(exampleText(name)).tree].filter(([path]) => /\/(?:template|qube)\/[^/]+\.sls$/.test(path)),
    )) {
      for (const [id, state] of Object.entries(load(text) as States)) {
        if (id === "include") continue;
        for (const [fun, args] of Object.entries(state)) {
          const known = used.get(fun) ?? used.set(fun, new Set()).get(fun);
          for (const one of args) for (const key of Object.keys(one)) known?.add(key);
        }
      }
    }
    expect([...used.keys()]).toEqual(
      expect.arrayContaining(["file.managed", "pkg.installed", "user.present", "file.symlink"]),
    );
    const { status, output } = run(python, ["-W", "ignore", "-c", signatures], {
      input: JSON.stringify([...used.keys()]),
    });
    expect(status, output).toBe(0);
    const answers = JSON.parse(output) as Record<string, string[] | null>;
    for (const [fun, args] of used) {
      const known = answers[fun];
      expect(known, `there is no ${fun}`).not.toBeNull();
      for (const one of args) expect([...(known ?? []), ...(KEYWORDS[fun] ?? []), ...GLOBAL], fun).toContain(one);
    }
  });
});
