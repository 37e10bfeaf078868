// SPDX-License-Identifier: GPL-3.0-or-later
import type { VmDefaults } from "../../model/model.ts";

/** Qubes' settings of a qube that only forwards. */
export const vmDefaults: VmDefaults = {
  label: {
    value: "red",
    why: "The guides' colour for servers, for which it stands; labels carry no function.",
    source: "ben-grande/qubes-bitcoin",
  },
  memory: {
    value: 300,
    why: "It only forwards; with less its system does not come up.",
    source: "the seed's FAQ: lower CPU and RAM; Qubes documentation, minimal memory",
  },
  maxmem: {
    value: 400,
    why: "Each connection takes a few MB.",
    source: "the seed's FAQ: lower CPU and RAM",
  },
  vcpus: { value: 1, why: "The network is the limit.", source: "the seed's FAQ: lower CPU and RAM" },
  include_in_backups: {
    value: false,
    why: "It holds an address, which the topology has.",
    source: "Qubes documentation, backups",
  },
  menu_items: {
    value: ["qubes-run-terminal.desktop"],
    why: "A terminal, for the runbook's commands.",
    source: "qubes-core-agent-linux qubes-run-terminal.desktop",
  },
};
