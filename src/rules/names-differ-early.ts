// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

/** `disp-mgmt-` takes 10 of the 31 characters that a qube's name may have (qubes-mgmt-salt qubessalt/__init__.py). */
const DISTINCT = 21;

const alike = message("QB407", {
  severity: "error",
  title: "two names agree in their first 21 characters",
  say: (name: string, other: string) => `"${name}" and "${other}" agree in their first ${DISTINCT} characters`,
  why: "qubesctl manages a qube through a disposable named disp-mgmt- and the beginning of its name; two at once would take each other's disposable.",
  fix: "Rename one so that they differ earlier.",
  source: "qubes-mgmt-salt qubessalt/__init__.py",
});

/** The names of everything that Salt manages here differ early enough. */
export function* namesDifferEarly(model: Model): Iterable<Finding> {
  const seen = new Map<string, string>();
  for (const { name, clone } of model.templates) if (clone) seen.set(name.slice(0, DISTINCT).toLowerCase(), name);
  for (const { name, path } of model.qubes) {
    const start = name.slice(0, DISTINCT).toLowerCase(); // some file systems, on which a tree may be shared, know no case
    const other = seen.get(start);
    if (other !== undefined && other !== name) yield { ...finding(alike, path, name, other), part: "key" };
    else seen.set(start, name);
  }
}
