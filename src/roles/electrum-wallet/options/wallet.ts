// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { WalletFacts } from "../facts.ts";
import { SIMPLE } from "./network.ts";

const { never } = ownersFor<WalletFacts>(SIMPLE);

/** What you may choose: how it shows amounts and spends coins. Found under these names in the sources of 4.3.2, 4.3.4, 4.5.8 and 4.8.1. */
export const wallet: OptionGroup<WalletFacts> = {
  heading: "Amounts and coins",
  options: [
    {
      name: "decimal_point",
      what: "The unit of amounts: 8 for BTC, 5 for mBTC, 2 for bits, 0 for satoshi.",
      kind: { is: "number", min: 8, max: 8, also: [0, 2, 5] },
      default: "5",
      owner: "user",
      source: "Electrum electrum/util.py, base_units: any other is taken for the default",
    },
    {
      name: "num_zeros",
      what: "Digits behind the point that are always shown.",
      kind: { is: "number", min: 0, max: 8 },
      default: "0",
      owner: "user",
      source: SIMPLE,
    },
    {
      name: "amt_precision_post_satoshi",
      what: "Digits behind the satoshi, for fees; 3 shows thousandths.",
      kind: { is: "number", min: 0, max: 3 },
      default: "0",
      owner: "user",
      source: SIMPLE,
    },
    {
      name: "amt_add_thousands_sep",
      what: "Blanks between thousands.",
      kind: { is: "flag" },
      default: "false",
      owner: "user",
      source: "Electrum electrum/gui/qt/settings_dialog.py",
    },
    {
      name: "confirmed_only",
      what: "Spends confirmed coins only.",
      kind: { is: "flag" },
      default: "false",
      owner: "user",
      source: "Electrum electrum/wallet.py, get_spendable_coins",
    },
    {
      name: "coin_chooser_output_rounding",
      what: "Rounds change so that it looks like the payment; costs at most 100 satoshi.",
      kind: { is: "flag" },
      default: "true",
      owner: "user",
      source: "Electrum electrum/coinchooser.py",
    },
    {
      name: "unconf_utxo_freeze_threshold",
      what: "Unconfirmed coins of less that come to an address used before are not spent: somebody may be marking you.",
      kind: { is: "number", min: 0, max: 100_000_000, unit: "satoshi" },
      default: "5000",
      owner: "user",
      source: "Electrum electrum/wallet.py",
    },
    {
      name: "wallet_freeze_reused_address_utxos",
      what: "Coins that come to an address used before are not spent: somebody may be marking you.",
      kind: { is: "flag" },
      default: "false",
      since: "4.6",
      owner: "user",
      source: `${SIMPLE}, WALLET_FREEZE_REUSED_ADDRESS_UTXOS`,
    },
    {
      name: "batch_rbf",
      what: "Joins a payment to an unconfirmed one, which tells whom you paid twice.",
      kind: { is: "flag" },
      default: "false",
      until: "4.6",
      owner: "guarded",
      refused: "both payments are then seen to be yours",
      source: "Electrum electrum/wallet.py, batch_rbf",
    },
    {
      name: "qt_gui_color_theme",
      what: "Light or dark.",
      kind: { is: "choice", of: ["default", "dark"] },
      default: "default",
      owner: "user",
      source: "Electrum electrum/gui/qt/__init__.py",
    },
    {
      name: "log_to_file",
      what: "Writes a log into Electrum's folder.",
      kind: { is: "flag" },
      default: "false",
      owner: "guarded",
      refused: "it names your addresses and payments, and stays",
      source: "Electrum electrum/logging.py",
    },
    ...["dynamic_fees", "fee_level", "mempool_fees"].map((name) =>
      never(name, "fees are chosen with each payment", { until: "4.6", instead: "fee_policy.default" }),
    ),
    never("fee_policy.default", "fees are chosen with each payment", { since: "4.6" }),
  ],
};
