// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";

/** A qube that fetches files over Tor for the qubes that have no network. It is trusted with nothing. */
export const downloader: Role = {
  name: "downloader",
  summary:
    "Fetches files over Tor for qubes without network. Trusted with nothing: what it brings is checked where it is used.",
  os: "workstation",
  netvm: { kind: "gateway", description: "The Whonix gateway of this topology through which it downloads." },
  keys: {},
  vm: {
    label: {
      value: "red",
      why: "The guides' colour for what is not trusted; labels carry no function.",
      source: "ben-grande/qubes-bitcoin, bitcoin-untrusted",
    },
    memory: { value: 400, why: "Enough to start.", source: "ben-grande/qubes-bitcoin: 500" },
    maxmem: { value: 800, why: "It only moves files.", source: "ben-grande/qubes-bitcoin: 500" },
    vcpus: { value: 1, why: "The network is the limit.", source: "ben-grande/qubes-bitcoin" },
    include_in_backups: {
      value: false,
      why: "It holds nothing that could not be fetched again.",
      source: "Qubes documentation, backups",
    },
    private: {
      value: "10GiB",
      why: "Room for a few releases; Qubes' default is 2 GiB.",
      source: "Qubes documentation, resizing volumes",
    },
    menu_items: {
      value: ["qubes-run-terminal.desktop", "thunar.desktop"],
      why: "A terminal to fetch with, and the files that it fetched.",
      source: "qubes-core-agent-linux qubes-run-terminal.desktop; Debian thunar, usr/share/applications",
    },
  },
  holds: () => ({ what: "nothing", words: "Downloads, if you left some in it." }),
  runbook: ({ name }) => ({
    beyond: "downloads",
    byHand: [
      {
        title: `Bring a file from ${name} to a qube without network`,
        where: name,
        command: "qvm-copy FILE",
        text: `dom0 asks which qube shall have it; it lands there in ~/QubesIncoming/${name}/. Check hash and signatures there, in the qube that will run it: ${name} talks to the network, so its own word that all is well is worth nothing.`,
      },
    ],
    checks: [],
    backup: "Nothing in it is worth a backup.",
  }),
};
