// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { message } from "../kernel/message.ts";
import { didYouMean, nearest } from "../kernel/suggest.ts";
import type { Role } from "../model/role.ts";
import type { Document, Path } from "../parse/document.ts";
import { optionsOf, type Kind, type Option, type OptionSet } from "../software/option.ts";
import { isOpen, kindText } from "./settings.ts";

const unknownSetting = message("QB211", {
  severity: "error",
  title: "a setting is not known",
  say: (program: string, name: string, known: readonly string[], _own: string | undefined) =>
    `no setting "${name}" of ${program} is known here${didYouMean(name, known)}`,
  why: "Most programs pass over a misspelt setting without a word, and the compiler cannot answer for one that it does not know.",
  fix: (_program, name, known, own) =>
    [
      nearest(name, known) === undefined
        ? `Remove it. Known here: ${known.join(", ")}.`
        : `Write ${nearest(name, known)}.`,
      ...(own === undefined || nearest(name, known) !== undefined
        ? []
        : [`If you need it, and know what it does: ${own}. Nobody checks what stands there.`]),
    ].join(" "),
});

const notYours = message("QB212", {
  severity: "error",
  title: "a setting is not one that a topology may choose",
  say: (name: string, _option: Option) => `${name} is not chosen under settings`,
  why: "Some settings follow from the rest of the topology and must agree with it, others are too dangerous to be set at all.",
  fix: (name, { owner, instead, refused }) =>
    owner === "compiler"
      ? `Remove it; ${/^nothing: (.*)/.exec(instead ?? "")?.[1] ?? `it follows from ${instead}`}.`
      : `Remove it: ${refused}. No reason opens ${name}.`,
});

const wrongValue = message("QB213", {
  severity: "error",
  title: "a setting's value is not one that the program takes as it is written",
  say: (name: string, found: string, { kind }: Option) => `${name} takes ${kindText(kind)}; found ${found}`,
  why: "Outside of that the program refuses to start, or in silence makes something else of it.",
  fix: (_name, found, { kind, default: fallback, says = [] }) =>
    [
      slip(found, kind) ?? `Write a value of that kind, or leave it out: the program's own default is ${fallback}.`,
      ...(says.length > 0 && slip(found, kind) === undefined
        ? [`What the program itself would say: ${says.join(" / ")}`]
        : []),
    ].join(" "),
});

/** The slips that people make most, and how they are mended. */
function slip(found: string, kind: Kind): string | undefined {
  const [, text] = /^text "(.*)"$/.exec(found) ?? [];
  const digits = /^([0-9]+)(\D*)$/.exec(text ?? "");
  if (kind.is === "flag")
    return "Write true or false: 1 and 0 are numbers here, and in YAML 1.2 yes, no, on and off are texts.";
  if (kind.is === "number" && digits)
    return digits[2] === ""
      ? `Write ${digits[1]}, without quotes.`
      : `Write the number alone, without a unit${kind.unit === undefined ? "" : `: it counts ${kind.unit}`}.`;
  if (kind.is === "text" && found.startsWith("the number")) return `Write it in quotes: "${found.slice(11)}".`;
  return undefined;
}

/** The options of the qube whose settings a path leads into. */
function optionsAt(path: Path, document: Document, roles: readonly Role[]): OptionSet | undefined {
  if (path[0] !== "qubes" || path[2] !== "settings") return undefined;
  const qubes = (document.value as { qubes?: Record<string, { role?: unknown }> }).qubes;
  return roles.find((role) => role.name === qubes?.[String(path[1])]?.role)?.options;
}

/** Whether a role's program has a setting of that name which a topology may choose. */
export function isSetting(name: string, role: unknown, roles: readonly Role[]): boolean {
  const set = roles.find((one) => one.name === role)?.options;
  return set !== undefined && optionsOf(set).some((one) => one.name === name && isOpen(one));
}

/** What is wrong with a setting: with its name, when `keys` are those that the schema does not know, else with its value. */
export function settingProblems(
  path: Path,
  keys: readonly string[] | undefined,
  found: string,
  document: Document,
  roles: readonly Role[],
): Diagnostic[] | undefined {
  const set = optionsAt(path, document, roles);
  if (!set) return undefined;
  const options = optionsOf(set);
  if (keys && path.length === 3) {
    const known = options.filter(isOpen).map((one) => one.name);
    return keys.map((name) => {
      const place = document.locate([...path, name], "key");
      // bitcoind's way to say no: nolisten=1. What is denied is the setting behind it.
      const option = options.find((one) => one.name === name) ?? options.find((one) => `no${one.name}` === name);
      return option
        ? notYours.at(place, name, option)
        : unknownSetting.at(place, set.program, name, known, set.own && `write it into ${set.own}`);
    });
  }
  const option = options.find((one) => one.name === path[3]);
  return option && [wrongValue.at(document.locate(path), option.name, found, option)];
}
