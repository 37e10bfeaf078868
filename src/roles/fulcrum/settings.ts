// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Section } from "../../model/setting.ts";
import { settledSections, valueOf } from "../../model/settled.ts";
import { optionsOf, type Value } from "../../software/option.ts";
import { serverFacts } from "./facts.ts";
import { options } from "./options/index.ts";

/** fulcrum.conf of one server, in reading order. */
export function settings(qube: Qube): Section[] {
  return settledSections(options, serverFacts(qube), qube);
}

/** The value of one setting in a server, chosen or ours; nothing where it is left to Fulcrum. */
export function settingOf(qube: Qube, name: string): Value | undefined {
  const option = optionsOf(options).find((one) => one.name === name);
  if (!option) throw new Error(`Fulcrum has no setting ${name} here`);
  const value = valueOf(option, serverFacts(qube), qube);
  return typeof value === "object" ? undefined : value;
}
