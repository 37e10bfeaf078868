// SPDX-License-Identifier: GPL-3.0-or-later
import type { VmDefaults } from "../../model/model.ts";

/** Qubes' settings of an Electrum wallet. */
export const vmDefaults: VmDefaults = {
  label: {
    value: "black",
    why: "Qubes' colour for what is trusted most; labels carry no function.",
    source: "Qubes documentation, getting started; ben-grande/qubes-bitcoin: orange",
  },
  memory: { value: 400, why: "Enough to start.", source: "ben-grande/qusal sys-electrum: 400" },
  maxmem: { value: 800, why: "A wallet with a long history needs more.", source: "ben-grande/qubes-bitcoin: 700" },
  vcpus: { value: 1, why: "It waits for you most of the time.", source: "ben-grande/qubes-bitcoin" },
  include_in_backups: {
    value: true,
    why: "The wallet file: labels, contacts, and the keys if you keep them here. The seed on paper is still the backup that counts.",
    source: "Electrum documentation, seed",
  },
  menu_items: {
    value: ["thunar.desktop", "qubes-run-terminal.desktop"],
    why: "The files that come and go by copying, a terminal, and what the template adds.",
    source: "Debian thunar and electrum, usr/share/applications",
  },
};
