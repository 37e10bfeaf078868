// SPDX-License-Identifier: GPL-3.0-or-later
import type { GraterRule, Qube, TorNeeds } from "../../model/model.ts";
import { gatewayPorts, ONION_PORT } from "../../whonix/onion-port.ts";
import { ownOf, portsOf } from "./own.ts";

/** What a node needs of its gateway: an onion-only SocksPort, and for an onion service of its own the commands that make it. */
export function torNeeds(qube: Qube): TorNeeds {
  const socksPorts = gatewayPorts(qube).onionOnly ? [ONION_PORT] : [];
  const { onion } = ownOf(qube);
  if (onion?.p2p !== "ephemeral") return { socksPorts };
  const { p2p, onion: port } = portsOf(qube);
  return {
    socksPorts,
    onionGrater: graterRules(p2p, port),
    inbound: [
      {
        value: port,
        why: "The gateway's tor delivers the node's onion service to this port. Nobody else can reach it: the gateway forwards nothing.",
        source: "Whonix/whonix-firewall usr/bin/whonix-workstation-firewall, EXTERNAL_OPEN_PORTS",
      },
    ],
  };
}

function graterRules(p2p: number, port: number): GraterRule[] {
  const rule = (flag: string, why: string): GraterRule => ({
    command: "ADD_ONION",
    pattern: `NEW:ED25519-V3${flag} Port=${p2p},0\\.0\\.0\\.0:${port}`,
    replacement: `NEW:ED25519-V3${flag} Port=${p2p},{client-address}:${port} Flags=DiscardPK`,
    why,
    source: "Bitcoin Core src/torcontrol.cpp, add_onion",
  });
  return [
    rule(
      "",
      `What bitcoind sends for \`listenonion=1\` with our \`bind\`: peers dial port ${p2p} of the service and reach ${port} of the node.`,
    ),
    rule(
      " PoWDefensesEnabled=1",
      "The same as Bitcoin Core 32 will ask for it, with Tor's proof of work; it does not try again without, if this filter refuses.",
    ),
  ];
}
