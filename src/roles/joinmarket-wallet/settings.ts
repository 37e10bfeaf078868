// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Section } from "../../model/setting.ts";
import { settledSections } from "../../model/settled.ts";
import { walletFacts } from "./facts.ts";
import { keyOf, options } from "./options/index.ts";

/** joinmarket.cfg of one wallet, in reading order. What is not in it has the default of the version. */
export function settings(qube: Qube): Section[] {
  return settledSections(options, walletFacts(qube), qube).map((section) => ({
    ...section,
    settings: section.settings.map((setting) => ({ ...setting, key: keyOf(setting.key) })),
  }));
}
