// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { joinmarketBringing } from "../joinmarketd/bring.ts";
import { ended } from "../joinmarketd/own.ts";
import { joinmarketProgram } from "../joinmarketd/probe.ts";
import { joinmarket } from "../../software/joinmarket.ts";
import { knownKeys } from "./checks.ts";
import { walletLands } from "./lands.ts";
import { callsOf, keys, ownOf } from "./own.ts";
import { options } from "./options/index.ts";
import { walletParts, walletTemplate } from "./parts.ts";
import { walletRunbook } from "./runbook.ts";
import { walletTrust } from "./trust.ts";

/** A JoinMarket wallet without network: a taker that trades through its daemon and asks the node itself. */
export const joinmarketWallet: Role = {
  name: "joinmarket-wallet",
  summary:
    "A JoinMarket wallet without network (archived upstream since April 2026): trades as a taker through its daemon.",
  ended,
  os: "workstation",
  references: {
    joinmarketd: {
      role: "joinmarketd",
      services: (own) => {
        const { payjoin, snicker } = ownOf({ own });
        return ["daemon", ...(payjoin ? ["payjoin"] : []), ...(snicker ? ["snicker"] : [])];
      },
      description: "The daemon that passes its messages.",
    },
    bitcoind: {
      role: "bitcoind",
      services: ["rpc"],
      wants: ["wallet"],
      calls: callsOf,
      port: true,
      description: "The node that it asks, itself and not through the daemon, which knows no node.",
    },
  },
  program: joinmarket,
  brings: (qube) => joinmarketBringing(qube),
  options,
  keys,
  vm: {
    label: {
      value: "black",
      why: "Qubes' colour for what is trusted most; labels carry no function.",
      source: "Qubes documentation, getting started; ben-grande/qubes-bitcoin: orange",
    },
    memory: { value: 400, why: "Enough to start.", source: "ben-grande/qubes-bitcoin: 600" },
    maxmem: { value: 800, why: "Wallet files grow with their history.", source: "qubenix/qubes-whonix-bitcoin: 800" },
    vcpus: { value: 1, why: "It waits for other traders most of the time.", source: "ben-grande/qubes-bitcoin" },
    include_in_backups: {
      value: true,
      why: "The wallet files, and which commitments were used. The seed on paper is still the backup that counts.",
      source: "JoinMarket-Org/joinmarket-clientserver docs/USAGE.md",
    },
    menu_items: {
      value: ["qubes-run-terminal.desktop", "thunar.desktop"],
      why: "A terminal, in which JoinMarket runs, and the files.",
      source: "qubes-core-agent-linux qubes-run-terminal.desktop; Debian thunar, usr/share/applications",
    },
  },
  template: { suffix: "jm-wallet", parts: walletTemplate },
  qube: (qube, model) => walletParts(qube, model.formula),
  checks: [knownKeys],
  holds: () => ({
    what: "keys",
    words: "Wallets with their keys. Seed words on paper bring the coins back, and nothing else does without a backup.",
  }),
  lands: walletLands,
  trust: walletTrust,
  runbook: walletRunbook,
  probe: (qube) => ({ programs: [joinmarketProgram(qube, "venv/bin/python")] }),
};
