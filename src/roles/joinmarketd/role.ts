// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { ownSocksPorts } from "../../whonix/onion-port.ts";
import { joinmarket } from "../../software/joinmarket.ts";
import { joinmarketdElsewhere } from "../remote/joinmarketd.ts";
import { joinmarketBringing } from "./bring.ts";
import { daemonLands } from "./lands.ts";
import { daemonParts, daemonTemplate } from "./parts.ts";
import { ended, PORTS, serviceOf } from "./own.ts";
import { daemonProbe } from "./probe.ts";
import { joinmarketFits } from "./rules.ts";
import { daemonRunbook } from "./runbook.ts";
import { daemonTrust } from "./trust.ts";

/** JoinMarket's daemon: it talks to the other traders over Tor, holds no key and asks no node. */
export const joinmarketd: Role = {
  name: "joinmarketd",
  summary: "JoinMarket's daemon (archived upstream since April 2026): its messages over Tor; no keys, no node.",
  ended,
  os: "workstation",
  netvm: {
    kind: "gateway",
    description:
      "The Whonix gateway that carries its messages; one of its own keeps them apart from the node's traffic.",
  },
  program: joinmarket,
  brings: (qube, formula) => joinmarketBringing(qube, serviceOf(formula)),
  elsewhere: joinmarketdElsewhere,
  keys: {},
  vm: {
    label: {
      value: "red",
      why: "The guides' colour for what talks to strangers; labels carry no function.",
      source: "ben-grande/qubes-bitcoin",
    },
    memory: { value: 400, why: "The daemon takes 55 MB.", source: "JoinMarket 0.9.12, measured" },
    maxmem: { value: 800, why: "It only passes messages.", source: "ben-grande/qubes-bitcoin: 700" },
    vcpus: { value: 1, why: "It waits for messages.", source: "ben-grande/qubes-bitcoin" },
    include_in_backups: {
      value: false,
      why: "It holds no key and no wallet.",
      source: "JoinMarket-Org/joinmarket-clientserver docs/PROTOCOL.md",
    },
    menu_items: {
      value: ["qubes-run-terminal.desktop"],
      why: "A terminal, for the runbook's commands.",
      source: "qubes-core-agent-linux qubes-run-terminal.desktop",
    },
  },
  services: () => PORTS,
  ports: () => Object.values(PORTS),
  tor: (qube) => ({ socksPorts: ownSocksPorts(qube) }),
  daemon: true,
  template: { suffix: "jm-server", parts: daemonTemplate },
  qube: (qube, model) => daemonParts(qube, model.formula),
  rules: [joinmarketFits],
  holds: () => ({ what: "nothing", words: "Nothing that is not made again." }),
  lands: daemonLands,
  trust: daemonTrust,
  runbook: daemonRunbook,
  probe: daemonProbe,
};
