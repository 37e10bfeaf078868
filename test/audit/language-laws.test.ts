// SPDX-License-Identifier: GPL-3.0-or-later
/** What holds for every policy, on made-up ones. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCalls } from "../../src/audit/open-calls.ts";
import { deadRules } from "../../src/policy/language/dead.ts";
import { decide, type Call, type Decision } from "../../src/policy/language/evaluate.ts";
import { loadPolicy, type Policy } from "../../src/policy/language/load.ts";
import type { Rule } from "../../src/policy/language/rule.ts";
import { asToken, find, matches } from "../../src/policy/language/system.ts";
import { parseToken, type Token } from "../../src/policy/language/token.ts";
import { calls, line, lines, system } from "./made-up-policies.ts";
import { FOLDER } from "./system.ts";

const load = (text: readonly string[]) => loadPolicy(new Map([[`${FOLDER}/50-it.policy`, `${text.join("\n")}\n`]]));
const answers = (policy: Policy) => calls.map((call) => decide(policy, call, system));
const runs = { numRuns: 40, seed: 3 };

/** The token that a caller's word comes to, by the book. */
function meant(target: string): Token {
  const token = parseToken(target === "" ? "@default" : target, "intended") as Token;
  return token.kind === "qube" && !find(token.name, system) ? { kind: "default" } : token;
}

/** The first line that fits, looked for from the top. */
function slowly({ rules }: Policy, { service, argument, source, target }: Call): Rule | undefined {
  return rules.find(
    (one) =>
      (one.service ?? service) === service &&
      (one.argument ?? argument) === argument &&
      matches(one.source, asToken(source), source, system) &&
      matches(one.target, meant(target), source, system),
  );
}

/** What a caller hears, whichever line says it. */
function heard(decision: Decision): string {
  if (decision.kind === "deny") return "-";
  return decision.kind === "allow" ? `${decision.target} ${decision.autostart}` : `ask ${decision.targets.join(" ")}`;
}

describe("for every policy", () => {
  it("the line that answers is the first from the top that fits", () => {
    fc.assert(
      fc.property(lines(14), (text) => {
        const policy = load(text);
        for (const call of calls) {
          const found = decide(policy, call, system);
          // Where qrexec itself fails over a line, that line answers, though it does not fit.
          if (found.kind === "deny" && found.why.startsWith("qrexec fails")) continue;
          // A disposable of what is no template for them is refused before any line.
          if (found.kind === "deny" && found.why.includes("is no template")) continue;
          expect([text, call, found.rule]).toEqual([text, call, slowly(policy, call)]);
        }
      }),
      runs,
    );
  });

  it("a line behind the one that answers changes no allow and no deny", () => {
    fc.assert(
      fc.property(lines(8), line, (text, more) => {
        const [one, two] = [answers(load(text)), answers(load([...text, more]))];
        for (const [at, before] of one.entries()) {
          const after = two[at] as Decision;
          if (before.rule === undefined) continue;
          expect(after.rule?.line).toBe(before.rule.line);
          if (before.rule.action.kind !== "ask") expect(heard(after)).toBe(heard(before));
        }
      }),
      runs,
    );
  });

  it("a line in front changes only what it is about", () => {
    fc.assert(
      fc.property(lines(8), line, (text, more) => {
        const [one, both] = [load(text), load([more, ...text])];
        const [first] = both.rules;
        for (const call of calls) {
          const [before, after] = [decide(one, call, system), decide(both, call, system)];
          if (after.rule === first) continue;
          if (after.rule) expect(after.rule.line).toBe((before.rule?.line ?? 0) + 1);
          // An ask offers what other lines allow; an allow and a deny stay what they are.
          if (before.kind !== "ask" && after.kind !== "ask" && before.rule?.action.kind !== "ask")
            expect(heard(after)).toBe(heard(before));
        }
      }),
      runs,
    );
  });

  it("files are one text in the order of their names, however they are given", () => {
    const parts = ["10-a", "10_a", "9", "a", "50-b.c", "zz"];
    const inCLocale = ["10-a", "10_a", "50-b.c", "9", "a", "zz"];
    fc.assert(
      fc.property(
        fc.tuple(lines(3), lines(3), lines(3), lines(3), lines(3), lines(3)),
        fc.shuffledSubarray(parts, { minLength: 6 }),
        (texts, order) => {
          const textOf = (name: string) => texts[parts.indexOf(name)] ?? [];
          const apart = loadPolicy(new Map(order.map((name) => [`${FOLDER}/${name}.policy`, textOf(name).join("\n")])));
          const whole = load(inCLocale.flatMap(textOf));
          expect(apart.rules.map(({ text }) => text)).toEqual(whole.rules.map(({ text }) => text));
          expect(answers(apart).map(heard)).toEqual(answers(whole).map(heard));
        },
      ),
      { ...runs, numRuns: 15 },
    );
  });

  it("exactly those lines are dead that answer no call", () => {
    fc.assert(
      fc.property(lines(12), (text) => {
        const policy = load(text);
        const alive = new Set(calls.flatMap((call) => slowly(policy, call) ?? []));
        const dead = new Set(deadRules(policy, system).map(({ rule }) => rule));
        for (const rule of policy.rules)
          expect([text, rule.text, dead.has(rule)]).toEqual([text, rule.text, !alive.has(rule)]);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it("no call that passes is left out, and none is told that does not", () => {
    const ours = ["client", "server", "twin"];
    const strangers = ["halted", "base", "other", "another"];
    fc.assert(
      fc.property(lines(12), (text) => {
        const policy = load(text);
        const told = [...openCalls(policy, system, { ours, strangers })];
        const key = ({ service, argument, source, target }: Call) => `${service}${argument} ${source} ${target}`;
        for (const call of told) expect(heard(call.decision)).toBe(heard(decide(policy, call, system)));
        const known = new Set(told.map(key));
        for (const source of [...ours, ...strangers])
          for (const target of [
            "@default",
            "@dispvm",
            "dom0",
            "@adminvm",
            "@dispvm:base",
            ...ours,
            ...(ours.includes(source) ? strangers : []),
          ])
            for (const { service, argument } of told) {
              if (source === target) continue;
              const call = { service, argument, source, target };
              const passes = decide(policy, call, system).kind !== "deny";
              if (passes) expect([text, key(call), known.has(key(call))]).toEqual([text, key(call), true]);
            }
        // A service and an argument that nothing was told of: nothing of the kind passes.
        const services = new Set(told.map(({ service }) => service));
        for (const service of ["s", "t", "u"]) {
          const named = policy.rules.some((one) => one.service === service);
          if (services.has(named ? service : "no.such.Service")) continue;
          for (const source of ours)
            for (const target of strangers)
              expect(decide(policy, { service, argument: "+2", source, target }, system).kind).toBe("deny");
        }
      }),
      { numRuns: 120, seed: 3 },
    );
  });
});
