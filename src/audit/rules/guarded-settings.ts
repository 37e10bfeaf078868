// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { optionsOf, type Option, type OptionSet } from "../../software/option.ts";
import { unlessMeant } from "../departures.ts";
import { placeIn, type Audit } from "../finding.ts";
import { HELD_FILES } from "../held-settings.ts";
import { roleOf } from "../role-of.ts";

const departs = message("QB791", {
  severity: "error",
  title: "A setting departs from what is safe, and the tree gives no reason",
  say: (machine: string, line: string, why: string) => `${machine}: ${line} departs from what is safe: ${why}`,
  why: "This setting is safe as a tree of this kind has it. Whoever changes it can say why, in the topology; here nobody does.",
  fix: "Take the line out; or choose it under settings: in the topology, with a reason, and build again.",
  source: "the option tables; qwbtc-salt explain ROLE:SETTING",
});

/** Settings that are safe as they are, in the files of each program: what may be chosen with a reason only. */
export function* guardedSettings({ facts }: Audit): Iterable<Diagnostic> {
  for (const landed of facts.landed) {
    const held = HELD_FILES.find(({ path }) => path.test(landed.path));
    const set = held && roleOf(landed.machine, facts)?.options;
    if (!set || landed.text === undefined) continue;
    const elsewhere = new Set([...held.must, ...held.never].map(({ unless }) => unless));
    const watched = optionsOf(set).filter(({ name, owner }) => owner === "guarded" && !elsewhere.has(name));
    for (const [index, line] of landed.text.split("\n").entries()) {
      const [, key, value = ""] = /^\s*"?([\w.-]+)"?\s*[=:]\s*(.*?),?\s*$/.exec(line) ?? [];
      const option = watched.find(({ name }) => name.split(".").at(-1) === key);
      if (!option || isSafe(option, value.replace(/^"(.*)"$/, "$1"), set)) continue;
      const why = option.refused ?? (typeof option.why === "string" ? option.why : option.what);
      const place = placeIn(facts.tree, { file: landed.origin, line: index + 1 });
      yield unlessMeant(departs.at(place, landed.machine, line.trim(), why), facts.tree, option.name, landed.machine);
    }
  }
}

/** Whether a value is ours, or the program's own. Where ours follows from the rest of a topology it is not known here, and none is called unsafe. */
function isSafe(option: Option, value: string, { flags }: Pick<OptionSet, "flags">): boolean {
  const { ours } = option;
  if (!ours) return value === option.default;
  if (ours.length > 0) return true;
  const safe = (ours as () => ReturnType<NonNullable<Option["ours"]>>)();
  return value === (typeof safe === "boolean" ? flags[safe ? 1 : 0] : String(safe));
}
