// SPDX-License-Identifier: GPL-3.0-or-later
// The last word of a test run: what was skipped, by name, and one plain line of counts. In CI (QWBTC_ALLOW_NO_SKIP=1) a skip is a failure.

/** A vitest reporter (vitest.dev, "Extending Reporters"). */
export default class Tally {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.filter(
      (module) => module.state() === "failed" && [...module.children.allTests("failed")].length === 0,
    ).length;
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const names = new Set(skipped.map((test) => /\(skipped: .*\)/.exec(test.fullName)?.[0] ?? test.fullName));
    for (const name of names) console.log(`skipped: ${name.replace(/^\(skipped: |\)$/g, "")}`);
    if (skipped.length > 0 && process.env.QWBTC_ALLOW_NO_SKIP) {
      console.log("Nothing may be skipped here.");
      process.exitCode = 1;
    }
    console.log(
      `${count("passed")} passed, ${count("failed") + broken + errors.length} failed, ${skipped.length} skipped`,
    );
  }
}
