// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { roles } from "../../roles/index.ts";
import type { Kind, Option, OptionSet } from "../../software/option.ts";
import type { Landed } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { HELD_FILES } from "../held-settings.ts";
import { KNOWN_VALUES, QUOTED, type KnownValues } from "../known-values.ts";
import { readSettings, type Entry } from "../settings-text.ts";

const unknown = message("QB844", {
  severity: "error",
  title: "A line of a program's settings that the audit does not know",
  say: (program: string, machine: string, what: string) => `${program} in ${machine}: ${what}`,
  why: "The audit does not know what this does, so it does not call it safe: one line more can open a program to others, run a command, or send what it does past Tor.",
  fix: "Leave the lines that the compiler writes. What may be chosen stands under `settings:` in the topology.",
  source: "the option tables; qwbtc-salt explain ROLE:SETTING",
});

const ownLines = message("QB845", {
  severity: "error",
  title: "A file for the user's own settings that says something already",
  say: (machine: string, path: string, line: string) => `${path} in ${machine} comes with ${line}`,
  why: "It is read beside the program's settings, and its lines join theirs: onlynet=ipv4 in it lets a node out. It is the user's to fill, and nobody looks at it later.",
  fix: "Comments alone.",
  source: "Bitcoin Core doc/bitcoin-conf.md",
});

/** Each line of a program's settings is one that the option tables know, at a value that they allow, and once. */
export function* knownSettings({ facts }: Audit): Iterable<Diagnostic> {
  for (const landed of facts.landed) {
    const { path, text, machine, origin } = landed;
    if (text === undefined) continue;
    const at = (line: number) => placeIn(facts.tree, { file: origin, line });
    if (path.endsWith(".local")) {
      for (const [index, line] of text.split("\n").entries())
        if (line !== "" && !/^#[^\r]*$/.test(line)) yield ownLines.at(at(index + 1), machine, path, line);
      continue;
    }
    const held = HELD_FILES.find((one) => one.path.test(path));
    if (held)
      for (const { line, why } of oddIn(landed, held.options)) yield unknown.at(at(line), held.program, machine, why);
  }
}

function* oddIn({ text = "" }: Landed, program: string): Iterable<{ line: number; why: string }> {
  const set = roles.find(({ options }) => options?.program === program)?.options as OptionSet | undefined;
  const known = KNOWN_VALUES[program];
  if (!set || !known) return;
  const { entries, odd } = readSettings(text, known.format);
  yield* odd;
  const table = tableOf(set);
  // A section whose name depends on the topology is named outside of all sections (chain=).
  const named = new Set(entries.filter(({ section }) => section === "").map(({ value }) => value));
  const seen = new Set<string>();
  for (const entry of entries) {
    const { section, key, line, value } = entry;
    const where = known.format === "json" ? "" : section;
    const options = table.get(`${where} ${key}`) ?? (named.has(where) ? table.get(`* ${key}`) : undefined) ?? [];
    const may = options.filter(({ owner, ours }) => ours !== undefined || owner === "user" || owner === "guarded");
    const first = may[0];
    const once = `${section} ${key}${first && isMany(first, set) ? ` ${value}` : ""}`;
    if (!first) yield { line, why: `${key} is no setting that a tree of this kind has here` };
    else if (!may.some((one) => takes(one, entry, set, known)))
      yield { line, why: `${key} has a value that no tree of this kind gives it: ${value}` };
    else if (seen.has(once)) yield { line, why: `${key} stands twice` };
    else if (section === "unless set" && !isChosen(first) && known.switched?.includes(key) !== true)
      yield { line, why: `${key} is set only where nothing is set` };
    seen.add(once);
  }
}

const tables = new WeakMap<OptionSet, Map<string, Option[]>>();

/** The options by section and key; `*` where the section depends on the topology. */
function tableOf(set: OptionSet): Map<string, Option[]> {
  const known = tables.get(set);
  if (known) return known;
  const table = new Map<string, Option[]>();
  for (const { section = "", options } of set.groups)
    for (const option of options) {
      const key = `${typeof section === "string" ? section : "*"} ${option.name.slice(option.name.lastIndexOf(".") + 1)}`;
      table.set(key, [...(table.get(key) ?? []), option]);
    }
  tables.set(set, table);
  return table;
}

const isChosen = ({ owner }: Option) => owner === "user" || owner === "guarded";

/** Whether a setting may have several lines. Those that follow from a topology are lists where their known lines are (clients, included files, addresses). */
function isMany({ name, kind }: Option, { lists }: OptionSet): boolean {
  return lists !== "commas" && (kind.is === "list" || ["includeconf", "rpcwhitelist", "bind"].includes(name));
}

function takes(option: Option, entry: Entry, set: OptionSet, { values, format }: KnownValues): boolean {
  if (isChosen(option)) return fits(option.kind, entry, set);
  const isJson = format === "json";
  return values[entry.key]?.test(entry.value) === true && (!isJson || entry.quoted === QUOTED.has(entry.key));
}

function fits(kind: Kind, { value, quoted }: Entry, { flags, lists }: OptionSet): boolean {
  switch (kind.is) {
    case "flag":
      return !quoted && flags.includes(value);
    case "number": {
      const number = Number(value);
      const plain = (kind.decimals ? /^-?[0-9]+(?:\.[0-9]+)?$/ : /^-?[0-9]+$/).test(value) && !quoted;
      return plain && ((number >= kind.min && number <= kind.max) || kind.also?.includes(number) === true);
    }
    case "choice":
      return kind.of.includes(value);
    case "text":
      return kind.pattern.test(value);
    case "list":
      return (lists === "commas" ? value.split(",") : [value]).every((one) => kind.pattern.test(one));
  }
}
