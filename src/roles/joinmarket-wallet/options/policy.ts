// SPDX-License-Identifier: GPL-3.0-or-later
import type { Kind, Option, OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { WalletFacts } from "../facts.ts";
import { DEFAULTS } from "./daemon.ts";

const { follows, never } = ownersFor<WalletFacts>(DEFAULTS);

const user = (name: string, what: string, kind: Kind, standard: string, rest: Partial<Option<WalletFacts>> = {}) =>
  ({ what, kind, default: standard, source: DEFAULTS, ...rest, name, owner: rest.owner ?? "user" }) as const;
const whole = (min: number, max: number, unit?: string): Kind => ({
  is: "number",
  min,
  max,
  ...(unit !== undefined && { unit }),
});
const share = (max: number): Kind => ({ is: "number", min: 0, max, decimals: true });

const agreed = "traders agree on it: with another value makers refuse, or look closer";

/** How it trades and what it pays. */
export const policy: OptionGroup<WalletFacts> = {
  heading: "How it trades.",
  section: "POLICY",
  options: [
    never("segwit", "JoinMarket trades with segwit alone"),
    user("native", "Wallets of native segwit; false for a wallet of before 0.8 alone.", { is: "flag" }, "true", {
      owner: "guarded",
      refused: "the few who trade with the old kind are easy to tell apart, and the kind of a wallet never changes",
    }),
    user(
      "merge_algorithm",
      "How eagerly small coins are spent together.",
      { is: "choice", of: ["default", "gradual", "greedy", "greediest"] },
      "default",
    ),
    user("gaplimit", "Unused addresses in a row after which it stops to look.", whole(1, 10_000), "6", {
      since: "0.9.10",
    }),
    user("wallet_caching_disabled", "Looks for all addresses anew at each start.", { is: "flag" }, "false", {
      since: "0.9.10",
    }),
    user(
      "tx_fees",
      "The miners' fee: up to 1000 the blocks within which it shall be mined; from 1001 on satoshi for a thousand vbytes, here at most 1000 for one vbyte.",
      whole(1, 1_000_000),
      "3",
    ),
    user("tx_fees_factor", "By how much the fee varies at random.", share(1), "0.2"),
    user(
      "absurd_fee_per_kb",
      "A dearer fee is refused as a mistake. Here at most 1000 satoshi for one vbyte: above that it would let every mistake pass.",
      whole(1000, 1_000_000, "satoshi for a thousand vbytes"),
      "350000",
      { ours: () => 350000, why: "Satoshi for a thousand vbytes; a dearer fee is refused as a mistake." },
    ),
    user(
      "max_sweep_fee_change",
      "By how much the fee of a sweep may miss its estimate. Here at most JoinMarket's own 0.8: more would send at nearly any fee, and nobody is asked again.",
      share(0.8),
      "0.8",
    ),
    user(
      "max_cj_fee_abs",
      "The most that one maker gets, in satoshi. An offer is passed over only when it exceeds this and max_cj_fee_rel: the higher of the two counts. Here at most 0.01 bitcoin.",
      whole(1, 1_000_000, "satoshi"),
      "asked at each payment",
    ),
    user(
      "max_cj_fee_rel",
      "The most that one maker gets, as a share of the payment. An offer is passed over only when it exceeds this and max_cj_fee_abs: the higher of the two counts. Here at most 0.05, a twentieth for each maker: 1 would be the whole payment.",
      share(0.05),
      "asked at each payment",
    ),
    never("listunspent_args", "it would tell traders which coins are yours together", {
      says: [
        "!!! WARNING !!! CONFIGURING THIS WHILE TAKING LIQUIDITY FROM THE PUBLIC ORDERBOOK LEAKS YOUR INPUT MERGES",
      ],
    }),
    user(
      "tx_broadcast",
      "Who sends the transaction: your node, a trader of it, or never your node.",
      { is: "choice", of: ["self", "random-peer", "not-self"] },
      "random-peer",
      {
        owner: "guarded",
        refused: "with self your node is the first that knew it; with not-self it may never be sent",
        ours: () => "random-peer",
        why: "Another trader sends the transaction where one will, so that it is not your node that knew it first.",
      },
    ),
    user("minimum_makers", "With fewer that answer, it starts over.", whole(2, 20), "4", {
      ours: () => 4,
      why: "With fewer that answer, it starts over: the fewer, the less is hidden.",
    }),
    user(
      "max_sats_freeze_reuse",
      "Coins of up to so many satoshi to an address used before are frozen; -1 for all.",
      { is: "number", min: 0, max: 100_000_000, unit: "satoshi", also: [-1] },
      "-1",
      {
        owner: "guarded",
        refused: "somebody who sends you a coin at an old address may be marking you",
        ours: () => -1,
        why: "Coins sent to an address that was used before are frozen, whatever their worth: somebody may be marking you.",
      },
    ),
    user("interest_rate", "By which bonds that makers lock are valued, a year.", share(1), "0.015"),
    user("bondless_makers_allowance", "How many makers are chosen without a look at their bonds.", share(1), "0.125"),
    user(
      "bond_value_exponent",
      "How much more a large bond counts than two small ones.",
      { is: "number", min: 1, max: 10, decimals: true },
      "1.3",
    ),
    user("taker_utxo_retries", "How often one coin may commit to a trade.", whole(1, 10), "3", {
      owner: "guarded",
      refused: agreed,
    }),
    user("taker_utxo_age", "Confirmations that such a coin must have.", whole(1, 1000), "5", {
      owner: "guarded",
      refused: agreed,
    }),
    user("taker_utxo_amtpercent", "Its least worth, in percent of the payment.", whole(1, 100), "20", {
      owner: "guarded",
      refused: agreed,
    }),
    never("accept_commitment_broadcasts", "only makers keep that list; this wallet is a taker"),
    never("commit_file_location", "it belongs to the wallet's folder, and a wallet that forgets it commits twice"),
    follows("commitment_list_location", "nothing: the daemon is in another qube", "A list that makers keep.", {
      default: "cmtdata/commitmentlist",
      ours: () => ".",
      why: "A list that makers keep; a taker writes nothing. The daemon is in another qube, where a path of this one would mean nothing.",
      source: "JoinMarket src/jmdaemon/daemon_protocol.py, maker_only",
    }),
  ],
};

/** How long it waits. */
export const timeout: OptionGroup<WalletFacts> = {
  heading: "How long it waits.",
  section: "TIMEOUT",
  options: [
    user("maker_timeout_sec", "For makers to answer.", whole(10, 3600, "seconds"), "60"),
    user("unconfirm_timeout_sec", "For a transaction to be seen.", whole(10, 86_400, "seconds"), "180"),
    user("confirm_timeout_hours", "For it to be mined.", whole(1, 1000, "hours"), "6"),
  ],
};
