// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionSet } from "../../../software/option.ts";
import type { WalletFacts } from "../facts.ts";
import { blockchain, daemon } from "./daemon.ts";
import { hackint, oldMessages, onion } from "./messages.ts";
import { policy, timeout } from "./policy.ts";
import { logging, payjoin, snicker, yieldgenerator } from "./rest.ts";

/**
 * What JoinMarket 0.9.8 to 0.9.12 can be told; in the order of joinmarket.cfg. A name stands behind its section where another section has it
 * too, or where the section is a way for messages. It passes over a key that it does not know.
 */
export const options: OptionSet<WalletFacts> = {
  program: "JoinMarket",
  groups: [daemon, blockchain, onion, hackint, oldMessages, logging, timeout, policy, payjoin, yieldgenerator, snicker],
  flags: ["false", "true"],
  lists: "commas",
};

/** The name of an option as it stands in the file. */
export function keyOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
