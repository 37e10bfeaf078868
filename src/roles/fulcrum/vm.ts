// SPDX-License-Identifier: GPL-3.0-or-later
import type { VmDefaults } from "../../model/model.ts";

/** Qubes' settings of an Electrum server. */
export const vmDefaults: VmDefaults = {
  label: {
    value: "red",
    why: "The guides' colour for servers; labels carry no function.",
    source: "ben-grande/qubes-bitcoin",
  },
  memory: {
    value: 1000,
    why: "What it needs once the index is there.",
    source: "Fulcrum README, requirements: 1 GB at least",
  },
  maxmem: {
    value: 5000,
    why: "The first sync is bound by memory and processor. Once it is through, 2000 is plenty: set vm.maxmem.",
    source: "ben-grande/qubes-bitcoin: 5000, then 1200",
  },
  vcpus: { value: 2, why: "It indexes in parallel.", source: "ben-grande/qubes-bitcoin" },
  include_in_backups: {
    value: false,
    why: "The index can be made again from the chain. It holds nothing of yours: it knows every address alike.",
    source: "Qubes documentation, backups",
  },
  shutdown_timeout: {
    value: 360,
    why: "It writes its database before it ends, which may take minutes; Qubes kills a qube after 60 s by default.",
    source: "qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout",
  },
  qrexec_timeout: {
    value: 300,
    why: "A large volume may be checked before the qube answers; by default Qubes gives up after 60 s.",
    source: "qubes-core-admin qubes/vm/qubesvm.py, qrexec_timeout",
  },
  private: {
    value: "250GiB",
    why: "The index: 133 GB in 2023, with room to grow and for the temporary files of its making.",
    source: "Fulcrum README, requirements; ben-grande/qusal: 200 GiB",
  },
  revisions_to_keep: {
    value: 0,
    why: "Qubes keeps an old copy of the volume at every shutdown; of an index that changes all over, that copy may fill the pool.",
    source: "Qubes documentation, volume backup and revert",
  },
  menu_items: {
    value: ["qubes-run-terminal.desktop"],
    why: "A terminal, for the runbook's commands.",
    source: "qubes-core-agent-linux qubes-run-terminal.desktop",
  },
};
