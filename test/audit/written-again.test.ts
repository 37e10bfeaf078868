// SPDX-License-Identifier: GPL-3.0-or-later
/** A line that was read, written again from what was read, is the same line: nothing of it is lost or taken for something else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRule, type Rule } from "../../src/policy/language/rule.ts";
import { written, type Token } from "../../src/policy/language/token.ts";
import { examples } from "../compiled.ts";
import { policiesOf } from "../policy/policy.ts";
import { good } from "./harm.ts";
import { line } from "./made-up-policies.ts";

/** A line from what was read of it. */
function again({ service, argument, source, target, action }: Rule): string {
  const flags =
    action.kind === "deny"
      ? [`notify=${action.notify ? "yes" : "no"}`]
      : [
          ...(action.target ? [`target=${said(action.target)}`] : []),
          ...(action.defaultTarget ? [`default_target=${said(action.defaultTarget)}`] : []),
          ...(action.user === undefined ? [] : [`user=${action.user}`]),
          `notify=${action.notify ? "yes" : "no"}`,
          `autostart=${action.autostart ? "yes" : "no"}`,
        ];
  return [service ?? "*", argument ?? "*", said(source), said(target), action.kind, ...flags].join(" ");
}

function said(token: Token): string {
  return token.kind === "adminvm" && token.named ? "dom0" : written(token);
}

it("a made-up line", () => {
  fc.assert(
    fc.property(line, (text) => {
      const rule = parseRule(text, { file: "it", line: 1 }) as Rule;
      expect({ ...(parseRule(again(rule), rule) as Rule), text }).toEqual(rule);
    }),
    { numRuns: 500, seed: 3 },
  );
});

describe.each(examples)("the policy of the example %s", (name) => {
  it("is read as it was meant: each line, written again, is the same", () => {
    for (const text of Object.values(policiesOf(good(name)))) {
      const rules = text.split("\n").filter((one) => one !== "" && !one.startsWith("#"));
      for (const one of rules) {
        const rule = parseRule(one, { file: "it", line: 1 }) as Rule;
        expect(typeof rule).toBe("object");
        expect({ ...(parseRule(again(rule), rule) as Rule), text: one }).toEqual(rule);
        const plain = again(rule).replace(/ (?:autostart=yes|notify=no)/g, "");
        expect(plain.replace(/ notify=yes$/, "")).toBe(one.replaceAll(" notify=no", ""));
      }
    }
  });
});
