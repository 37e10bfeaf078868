// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Qube, VmDefaults } from "../../model/model.ts";
import { CHAINS, chainServed } from "../bitcoind/chains.ts";
import { ownOf } from "./own.ts";

/** GiB that the index of a server's chain takes, with what its making needs for a while. */
export function indexSize(uses: readonly Link[]): number {
  return CHAINS[chainServed({ own: {}, uses })].index;
}

/** Qubes' settings of an Electrum server, while it makes its index and afterwards. */
export function vmDefaults({ own, uses }: Pick<Qube, "own" | "uses">): VmDefaults {
  return { ...common, ...(ownOf({ own }).phase === "sync" ? syncing : steady), private: volume(indexSize(uses)) };
}

const syncing: Pick<VmDefaults, "maxmem" | "vcpus"> = {
  maxmem: {
    value: 5000,
    why: "The first sync is bound by memory and processor. Once it is through, say so: `phase: steady`.",
    source: "ben-grande/qubes-bitcoin: 5000, then 1200",
  },
  vcpus: { value: 2, why: "It indexes in parallel.", source: "ben-grande/qubes-bitcoin" },
};

const steady: Pick<VmDefaults, "maxmem" | "vcpus"> = {
  maxmem: {
    value: 2000,
    why: "The index is there: it only follows the chain and answers wallets.",
    source: "ben-grande/qubes-bitcoin: 1200",
  },
  vcpus: { value: 2, why: "A block and wallets at once.", source: "ben-grande/qubes-bitcoin" },
};

function volume(index: number): NonNullable<VmDefaults["private"]> {
  return {
    value: `${Math.ceil(index * 1.25)}GiB`,
    why: `The index of this chain takes up to ${index} GB while it is made; and room to grow.`,
    source: "Fulcrum README, requirements: 133 GB of the main chain in 2023; ben-grande/qusal: 200 GiB",
  };
}

const common: Omit<VmDefaults, "maxmem" | "vcpus"> = {
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
