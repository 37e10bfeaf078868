// SPDX-License-Identifier: GPL-3.0-or-later
/** Made-up policies that this reader and the tests' own evaluator, another program in another language, must answer alike. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/policy/language/evaluate.ts";
import { loadPolicy } from "../../src/policy/language/load.ts";
import { STOCK_POLICY } from "../../src/policy/stock.ts";
import { judged } from "../judges.ts";
import { decide as other, stockPolicies } from "../policy/policy.ts";
import { linesOf, system, WORDS } from "./made-up-policies.ts";
import { FOLDER } from "./system.ts";

const { names } = WORDS;
// The other one refuses to read uuid:, and says "ask" of a question whether or not there is anything to choose from.
const line = linesOf({
  ...WORDS,
  targets: WORDS.targets.filter((one) => !one.startsWith("uuid:")),
  actions: WORDS.actions.filter((one) => !one.startsWith("ask")),
});
const calls = fc.array(
  fc.record({
    service: fc.constantFrom("s", "t", "u"),
    argument: fc.constantFrom("+", "+1"),
    source: fc.constantFrom(...names),
    target: fc.constantFrom(
      ...names,
      "",
      "@default",
      "@dispvm",
      "@dispvm:base",
      "@dispvm:server",
      "nobody",
      "dom0",
      "@adminvm",
    ),
  }),
  { minLength: 20, maxLength: 40 },
);

describe(judged("two evaluators", "python3"), () => {
  it("answer alike: made-up policies, and the stock rules as each has them", () => {
    const domains = Object.fromEntries(
      [...system].map(([name, { type, tags, running, templateForDispvms, defaultDispvm }]) => [
        name,
        {
          type: type as "AppVM",
          tags,
          power_state: running ? ("Running" as const) : ("Halted" as const),
          template_for_dispvms: templateForDispvms ?? false,
          default_dispvm: defaultDispvm ?? null,
        },
      ]),
    );
    let asked = 0;
    const alike = (
      files: Record<string, string>,
      own: ReadonlyMap<string, string>,
      requests: Parameters<typeof other>[2],
    ) => {
      const theirs = other(files, { domains }, requests, { beside: false });
      const policy = loadPolicy(own);
      for (const [at, { argument, ...request }] of requests.entries()) {
        const found = decide(policy, { argument: argument ?? "+", ...request }, system);
        // A caller without a disposable, asked against one by name, ends qrexec itself in an error: ours says no, theirs goes on.
        if (found.kind === "deny" && found.why.startsWith("qrexec fails")) continue;
        const [they, we] = [
          theirs[at]?.ask ? "ask" : theirs[at]?.allow ? theirs[at]?.target : "-",
          found.kind === "deny" ? "-" : found.kind === "ask" ? "ask" : found.target,
        ];
        expect([files, request, argument, we]).toEqual([files, request, argument, they]);
        asked += 1;
      }
    };
    const cases = fc.sample(fc.tuple(fc.array(line, { minLength: 3, maxLength: 12 }), calls), { numRuns: 60, seed: 7 });
    for (const [lines, requests] of cases) {
      const text = `${lines.join("\n")}\n`;
      alike({ "50-it.policy": text }, new Map([[`${FOLDER}/50-it.policy`, text]]), requests);
    }
    const services = [
      "qubes.ConnectTCP",
      "qubes.OpenURL",
      "qubes.VMShell",
      "qubes.UpdatesProxy",
      "qubes.GetDate",
      "qubes.Filecopy",
      "whonix.NewStatus",
      "sdwdate.Connect",
    ];
    const all = services.flatMap((service) =>
      names.flatMap((source) =>
        ["", "@dispvm", ...names].map((target) => ({ service, argument: "+", source, target })),
      ),
    );
    alike(stockPolicies(), STOCK_POLICY, all);
    expect(asked).toBeGreaterThan(1500);
    console.log(`policies: ${asked} calls answered alike by two evaluators`);
  });
});
