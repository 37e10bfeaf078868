// SPDX-License-Identifier: GPL-3.0-or-later
// The last word of a test run: what was skipped, by name, and one plain line of counts. In CI (QWBTC_ALLOW_NO_SKIP=1) a skip is a failure.
// Where QWBTC_TALLY names a file, the counts of the runs before, which it holds, are added: the last line of several runs is that of all.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Programs that no registry has by name: their tests run where the environment says where they are, and may be skipped anywhere else. */
const ELSEWHERE = /^QWBTC_(?:BITCOIND|FULCRUM|JOINMARKETD)(?:, QWBTC_(?:BITCOIND|FULCRUM|JOINMARKETD))* not set$/;

/** A vitest reporter (vitest.dev, "Extending Reporters"). */
export default class Tally {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.filter(
      (module) => module.state() === "failed" && [...module.children.allTests("failed")].length === 0,
    ).length;
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    // Tests name why they are skipped: "(skipped: tor not installed)", "…: needs root for …".
    const why = (name) =>
      (/\(skipped: ([^)]*)\)/.exec(name) ?? /([^>]*needs root[^>]*)/.exec(name))?.[1]?.trim() ?? name;
    const reasons = new Map();
    for (const test of skipped) reasons.set(why(test.fullName), (reasons.get(why(test.fullName)) ?? 0) + 1);
    for (const [reason, times] of reasons) console.log(`skipped: ${reason} (${times})`);
    const counted = [...reasons.keys()].filter((reason) => !ELSEWHERE.test(reason));
    if (counted.length > 0 && process.env.QWBTC_ALLOW_NO_SKIP) {
      console.log("Nothing may be skipped here.");
      process.exitCode = 1;
    }
    // In CI a test may be tried once more, for machines differ in what they have to do besides; which ones needed it is said.
    for (const test of tests.filter((one) => one.diagnostic()?.flaky))
      console.log(`passed at the second try: ${test.fullName}`);
    const counts = [count("passed"), count("failed") + broken + errors.length, skipped.length];
    const kept = process.env.QWBTC_TALLY;
    const before = kept && existsSync(kept) ? readFileSync(kept, "utf8").split(" ").map(Number) : [];
    const [passed, failed, skips] = counts.map((one, at) => one + (before[at] || 0));
    if (kept) writeFileSync(kept, `${passed} ${failed} ${skips}`);
    console.log(`${passed} passed, ${failed} failed, ${skips} skipped`);
  }
}
