// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Role } from "../../model/role.ts";
import { gatewayFiles } from "./files.ts";
import { clientKeys } from "./client-auth.ts";
import { bridgesByHand } from "./bridges.ts";
import { gatewayRunbook } from "./runbook.ts";

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
      why: "Tor's guard choice, and later the keys of onion services, live in the gateway's private volume.",
      source: "qubes-whonix bind-dirs of /var/lib/tor",
    },
    menu_items: {
      value: ["qubes-run-terminal.desktop", "sdwdate-gui.desktop"],
      why: "A terminal and the state of the clock; a gateway is for nothing else.",
      source: "Kicksecure/sdwdate-gui usr/share/applications",
    },
  },
  leftToUser: (qube) => (qube.own["bridges"] === "by-hand" ? bridgesByHand : undefined),
  qube: (qube, model) => ({
    ...clientKeys(qube, model.formula),
    files: gatewayFiles(qube, model.formula),
    disabled: ["tinyproxy"],
  }),
  runbook: gatewayRunbook,
};
