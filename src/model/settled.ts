// SPDX-License-Identifier: GPL-3.0-or-later
import type { Option, OptionSet, Value } from "../software/option.ts";
import { atLeast } from "../software/program.ts";
import type { Qube } from "./model.ts";
import type { Section, Setting } from "./setting.ts";

/** Whether a version knows an option. */
export function knows(version: string, { since, until }: Pick<Option, "since" | "until">): boolean {
  return (since === undefined || atLeast(version, since)) && (until === undefined || !atLeast(version, until));
}

/**
 * The configuration of one qube's program: our values, and over them those that the topology chose, each with its reason. An option that the
 * version does not know is left out: most programs would pass over it in silence, some would not start.
 */
export function settledSections<Facts>(set: OptionSet<Facts>, facts: Facts, qube: Qube): Section[] {
  let mark: string | undefined;
  return set.groups.flatMap(({ heading, section, options }) => {
    const settings = options.flatMap((one) => written(one, set, facts, qube));
    if (settings.length === 0) return [];
    const wanted = typeof section === "function" ? section(facts) : section;
    const begins = wanted === mark ? undefined : wanted;
    mark = wanted;
    return [{ heading: typeof heading === "function" ? heading(facts) : heading, mark: begins ?? "", settings }];
  });
}

/** The value that an option has in a qube: chosen, or ours; nothing where it is left to the program. */
export function valueOf<Facts>(
  { name, ours }: Option<Facts>,
  facts: Facts,
  qube: Pick<Qube, "settings">,
): Value | readonly Value[] | undefined {
  return qube.settings[name] ?? ours?.(facts);
}

/** An option that is written in a qube's configuration: its value, and the reason for each line of it. */
export interface Settled<Facts = never> {
  readonly option: Option<Facts>;
  readonly value: Value | readonly Value[];
  readonly why: (line: Value) => string;
}

/** The option as it is written in a qube; nothing where it is left to the program. For formats that are not lines of text. */
export function settled<Facts>(option: Option<Facts>, facts: Facts, qube: Qube): Settled<Facts> | undefined {
  const { name, what, why } = option;
  const value = valueOf(option, facts, qube);
  if (value === undefined || !knows(qube.version, option)) return undefined;
  const because = qube.because[name] === undefined ? "" : `, because: ${qube.because[name]}`;
  const chosen = `Chosen in the topology (settings.${name}${because}). ${what}`;
  const reason = (line: Value) =>
    name in qube.settings ? chosen : typeof why === "function" ? why(facts, line) : (why ?? what);
  return { option, value, why: reason };
}

function written<Facts>(option: Option<Facts>, set: OptionSet<Facts>, facts: Facts, qube: Qube): Setting[] {
  const found = settled(option, facts, qube);
  if (!found) return [];
  const { value, why } = found;
  const texts = (typeof value === "object" ? value : [value]).map((one) => text(one, set));
  const lines = set.lists === "commas" ? [texts.join(",")] : texts;
  return lines.map((line) => ({ key: option.name, value: line, why: why(line), source: option.source }));
}

function text(value: Value, { flags }: Pick<OptionSet, "flags">): string | number {
  return typeof value === "boolean" ? flags[value ? 1 : 0] : value;
}
