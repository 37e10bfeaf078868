// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import { STOCK_QUBES } from "../model/platform.ts";

const misdeclared = message("QB408", {
  severity: "error",
  title: "a stock qube is declared as something else",
  say: (name: string, kind: string) => `"${name}" is not of kind ${kind}`,
  why: "The checks against clearnet traffic and Tor over Tor rely on what each net qube is.",
  fix: "Remove the entry: the qubes of a stock installation are known.",
});

/** `external:` does not turn a stock qube into something that it is not. */
export function* stockQubesAreWhatTheyAre(model: Model): Iterable<Finding> {
  for (const { name, kind } of model.externals) {
    const stock = STOCK_QUBES.find((one) => one.name === name);
    if (stock && stock.kind !== kind) yield finding(misdeclared, ["external", name, "kind"], name, kind);
  }
}
