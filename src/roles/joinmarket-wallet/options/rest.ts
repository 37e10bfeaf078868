// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import { atLeast } from "../../../software/program.ts";
import type { WalletFacts } from "../facts.ts";
import { DEFAULTS } from "./daemon.ts";

const { follows, never } = ownersFor<WalletFacts>(DEFAULTS);
const maker = "only makers use it; this wallet is a taker";
const receiver = "only who receives PayJoins needs it; this wallet pays";

/** What it writes. */
export const logging: OptionGroup<WalletFacts> = {
  heading: "What it shows in the terminal; its files always hold everything.",
  section: "LOGGING",
  options: [
    {
      name: "console_log_level",
      what: "How much it shows in the terminal.",
      kind: { is: "choice", of: ["DEBUG", "INFO", "WARNING", "ERROR"] },
      default: "INFO",
      owner: "user",
      source: DEFAULTS,
    },
    { name: "color", what: "In colours.", kind: { is: "flag" }, default: "true", owner: "user", source: DEFAULTS },
  ],
};

/** Payments to PayJoin receivers. */
export const payjoin: OptionGroup<WalletFacts> = {
  heading:
    "Used only by a wallet with payjoin: true in the topology; for every other the port that it needs is closed.",
  section: "PAYJOIN",
  options: [
    never("payjoin_version", "there is one version"),
    {
      name: "disable_output_substitution",
      what: "1 forbids a receiver to change where the payment goes.",
      kind: { is: "number", min: 0, max: 1 },
      default: "0",
      owner: "user",
      source: DEFAULTS,
    },
    {
      name: "max_additional_fee_contribution",
      what: "By how much a receiver may raise the fee that you pay: default, or satoshi. Here at most 10000: it is the receiver who asks for it, with each payment.",
      kind: {
        is: "text",
        pattern: /^(?:default|0|[1-9][0-9]{0,3}|10000)$/,
        what: 'default, or at most 10000 satoshi in quotes: "500"',
      },
      default: "default",
      owner: "user",
      source: DEFAULTS,
    },
    {
      name: "min_fee_rate",
      what: "The least fee of a PayJoin, in satoshi for a vbyte. Here at most 100: the receiver is held to it, and you pay for it.",
      kind: { is: "number", min: 1, max: 100, decimals: true, unit: "sat/vB" },
      default: "1.1",
      owner: "user",
      source: DEFAULTS,
    },
    follows("onion_socks5_host", "nothing: the daemon's gateway", "Tor, for payments.", {
      default: "localhost",
      ours: ({ socksHost }) => socksHost,
      why: "As above: the daemon dials it, not this qube.",
      source: "Whonix/whonix-firewall, WORKSTATION_DEST_SOCKSIFIED",
    }),
    follows("onion_socks5_port", "nothing: the daemon's gateway", "Tor, for payments.", {
      default: "9050",
      ours: ({ socksPort }) => socksPort,
      why: ({ onionOnly, far }) =>
        far
          ? "The Tor beside the daemon."
          : onionOnly
            ? "Pays to onion services only."
            : "The gateway's stock port, isolated by address.",
      source: "the gateway's torrc in this tree",
    }),
    ...["tor_control_host", "tor_control_port", "onion_serving_host"].map((name) => never(`PAYJOIN.${name}`, receiver)),
    never("PAYJOIN.onion_serving_port", receiver, {
      kind: { is: "number", min: 1024, max: 65_535 },
      default: "8082; of 0.9.8 8080, which messages have too",
      ours: ({ version }) => (atLeast(version, "0.9.9") ? undefined : 8082),
      why: "This version's own default is the port of messages, 8080: two servers at one port. Later ones have this.",
    }),
    never("hidden_service_ssl", receiver),
  ],
};

/** Coinjoins by proposal. */
export const snicker: OptionGroup<WalletFacts> = {
  heading: "Coinjoins proposed by others without a meeting.",
  section: "SNICKER",
  options: [
    follows("enabled", "the key `snicker`", "Whether it takes part.", {
      default: "false",
      ours: (facts) => (facts.snicker ? "true" : "false"),
      why: (facts) =>
        facts.snicker
          ? "Chosen in the topology (snicker)."
          : "Off; it is hardly tried, and asks servers on a schedule.",
    }),
    {
      name: "lowest_net_gain",
      what: "What a proposal must bring at least, in satoshi; may be less than nothing.",
      kind: { is: "number", min: -1_000_000, max: 100_000_000, unit: "satoshi" },
      default: "0",
      owner: "user",
      source: DEFAULTS,
    },
    {
      name: "servers",
      what: "Servers that it asks for proposals.",
      kind: { is: "list", pattern: /^[a-z2-7]{55}d\.onion(?::[1-9][0-9]{0,4})?$/, what: "an onion address" },
      default: "one of upstream's",
      owner: "user",
      source: DEFAULTS,
    },
    {
      name: "polling_interval_minutes",
      what: "How often it asks them.",
      kind: { is: "number", min: 1, max: 10_000, unit: "minutes" },
      default: "60",
      owner: "user",
      source: DEFAULTS,
    },
  ],
};

/** What makers say of their offers: known, and of no use here. */
export const yieldgenerator: OptionGroup<WalletFacts> = {
  heading: "Offers of a maker.",
  section: "YIELDGENERATOR",
  options: [
    ...[
      "ordertype",
      "cjfee_a",
      "cjfee_r",
      "cjfee_factor",
      "txfee_contribution",
      "txfee_contribution_factor",
      "minsize",
      "size_factor",
    ].map((name) => never(name, maker)),
    never("YIELDGENERATOR.gaplimit", maker, { until: "0.9.10", instead: "gaplimit" }),
  ],
};
