// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Role } from "../../model/role.ts";
import { gatewayParts } from "./files.ts";
import { bridgesByHand } from "./bridges.ts";
import { GATEWAY_PORTS } from "../../whonix/gateway.ts";
import { ONION_PORT } from "../../whonix/onion-port.ts";
import { gatewayLands } from "./lands.ts";
import { gatewayHolds } from "./holds.ts";
import { gatewayRunbook } from "./runbook.ts";
import { gatewayTrust } from "./trust.ts";
import { commandsAreForNodes } from "./rules/commands-are-for-nodes.ts";
import { keysAreKept } from "./rules/keys-are-kept.ts";

/** A Whonix-Gateway of its own for Bitcoin: Tor for the workstations behind it and for nobody else. */
export const whonixGateway: Role = {
  name: "whonix-gateway",
  summary: "A Whonix gateway: Tor for the qubes behind it, and for nobody else.",
  os: "gateway",
  providesNetwork: true,
  netvm: {
    kind: "uplink",
    default: "sys-firewall",
    description: "The net qube through which its Tor reaches the Internet; never a Whonix gateway.",
  },
  keys: {
    bridges: z
      .enum(["none", "by-hand"])
      .default("none")
      .describe(
        "by-hand: the gateway is made without net qube and never started by us; you set bridges, then its net qube.",
      ),
    socks: z
      .enum(["own", "stock"])
      .default("own")
      .describe(
        "The SocksPort for programs that use onion services only: one of our own that refuses everything else, or a stock one of Whonix' that isolates as well and takes any address.",
      ),
  },
  vm: {
    label: {
      value: "purple",
      why: "The guides' colour for gateways; labels carry no function.",
      source: "ben-grande/qubes-bitcoin",
    },
    memory: { value: 400, why: "Tor alone is small.", source: "ben-grande/qusal sys-bitcoin-gateway: 300 to 500" },
    maxmem: {
      value: 700,
      why: "Room for Tor with many circuits; more would only take memory from the node.",
      source: "ben-grande/qubes-bitcoin: 400 to 700",
    },
    vcpus: { value: 1, why: "Tor uses one core.", source: "ben-grande/qubes-bitcoin" },
    include_in_backups: {
      value: true,
      why: "Tor's guard choice and the keys of onion services live in the gateway's private volume.",
      source: "qubes-whonix bind-dirs of /var/lib/tor",
    },
    menu_items: {
      value: ["qubes-run-terminal.desktop", "sdwdate-gui.desktop"],
      why: "A terminal and the state of the clock; a gateway is for nothing else.",
      source: "Kicksecure/sdwdate-gui usr/share/applications",
    },
  },
  leftToUser: (qube) => (qube.own["bridges"] === "by-hand" ? bridgesByHand : undefined),
  ports: (qube) => [...GATEWAY_PORTS, ...(qube.own["socks"] === "stock" ? [] : [ONION_PORT.value])],
  // The sockets of its links, which a stock template does not have, are all that the clone adds.
  template: { suffix: "onion", needed: (qube) => qube.uses.length > 0, parts: () => ({}) },
  qube: (qube, model) => gatewayParts(qube, model.formula),
  rules: [commandsAreForNodes, keysAreKept],
  holds: gatewayHolds,
  lands: gatewayLands,
  trust: gatewayTrust,
  runbook: gatewayRunbook,
};
