// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { MergedJson } from "../../model/parts.ts";
import { settled } from "../../model/settled.ts";
import { optionsOf } from "../../software/option.ts";
import { walletFacts } from "./facts.ts";
import { options } from "./options/index.ts";
import { folderOf, PROGRAMS } from "./own.ts";

/** Our keys in Electrum's file of one wallet. */
export function config(qube: Qube): MergedJson {
  const facts = walletFacts(qube);
  return {
    path: `${folderOf(facts.chain)}/config`,
    wanted: `${PROGRAMS}/config.json`,
    user: "user",
    why: "Electrum's own settings, which it rewrites itself: only these keys are ours. An open Electrum would write its own back; the next apply sets them again.",
    keys: optionsOf(options).flatMap((option) => {
      const one = settled(option, facts, qube);
      if (!one) return [];
      if (typeof one.value === "object") throw new Error(`Electrum's ${option.name} is no list`);
      const { name, source } = option;
      const unlessSet = name === "server" && facts.choice;
      return [{ key: name, value: one.value, ...(unlessSet && { unlessSet }), why: one.why(one.value), source }];
    }),
  };
}
