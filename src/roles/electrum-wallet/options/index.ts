// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionSet } from "../../../software/option.ts";
import type { WalletFacts } from "../facts.ts";
import { network } from "./network.ts";
import { wallet } from "./wallet.ts";

/** What Electrum 4.3.2 to 4.8.1 can be told in its file; all else in the file is Electrum's and the user's, and stays. */
export const options: OptionSet<WalletFacts> = {
  program: "Electrum",
  groups: [network, wallet],
  flags: ["false", "true"],
  own: "Electrum's own window, whose other settings the states leave alone",
};
