// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube, VmDefaults } from "../../model/model.ts";
import { ownOf } from "./own.ts";
import { volume } from "./room.ts";

/** Qubes' settings of a node, by what it is doing and what it keeps. */
export const vmDefaults = (node: Pick<Qube, "own" | "settings" | "serves">): VmDefaults => ({
  label: {
    value: "red",
    why: "The guides' colour for what talks to strangers; labels carry no function.",
    source: "ben-grande/qubes-bitcoin",
  },
  memory: {
    value: 1000,
    why: "Enough to start and to serve once the chain is there.",
    source: "nix-bitcoin: 2 GB in all",
  },
  maxmem:
    ownOf(node).phase === "sync"
      ? {
          value: 4000,
          why: "The first sync uses what it gets, up to a point: over Tor the network is the limit. When the chain is there, `phase: steady` gives most of it back.",
          source: "ben-grande/qubes-bitcoin: 1800; ben-grande/qusal: 2500",
        }
      : {
          value: 2000,
          why: "Enough to serve once the chain is there.",
          source: "ben-grande/qubes-bitcoin: 800 to 1200; nix-bitcoin: 2 GB in all",
        },
  vcpus: { value: 2, why: "Signatures are checked in parallel.", source: "ben-grande/qubes-bitcoin" },
  include_in_backups: {
    value: false,
    why: "The chain can be downloaded again; a backup of a terabyte can hardly be made. The node holds no key.",
    source: "Qubes documentation, backups",
  },
  shutdown_timeout: {
    value: 900,
    why: "bitcoind writes its caches before it ends, which may take minutes. Qubes kills a qube after 60 s by default, and the next start would check everything.",
    source: "qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout",
  },
  qrexec_timeout: {
    value: 300,
    why: "A large volume may be checked before the qube answers; by default Qubes gives up after 60 s.",
    source: "qubes-core-admin qubes/vm/qubesvm.py, qrexec_timeout",
  },
  private: volume(node),
  revisions_to_keep: {
    value: 0,
    why: "Qubes keeps an old copy of the volume at every shutdown; of a chain that changes all over, that copy may fill the pool.",
    source: "Qubes documentation, volume backup and revert",
  },
  menu_items: {
    value: ["qubes-run-terminal.desktop"],
    why: "A terminal, for the runbook's commands, and what the template adds.",
    source: "qubes-core-agent-linux qubes-run-terminal.desktop",
  },
});
