// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained, GraterRule, OnionService, Qube, TorNeeds } from "../../model/model.ts";
import type { Exposure } from "../../model/role.ts";
import { ownSocksPorts } from "../../whonix/onion-port.ts";
import { ownOf, portsOf } from "./own.ts";

/**
 * What a node needs of its gateway: an onion-only SocksPort, and for an onion service that ends at its own address either the commands by which
 * it makes one, or one with a key that stays.
 */
export function torNeeds(qube: Qube): TorNeeds {
  const socksPorts = ownSocksPorts(qube);
  const { onion } = ownOf(qube);
  const { p2p, onion: port } = portsOf(qube);
  const ip = pinnedIp(qube);
  if (onion?.p2p !== "ephemeral" && !ip) return { socksPorts };
  return {
    socksPorts,
    ...(ip
      ? { onionServices: [{ ...service(qube), target: `${ip.value}:${port}` }] }
      : { onionGrater: graterRules(p2p, port) }),
    inbound: [
      {
        value: port,
        why: "The gateway's tor delivers the node's onion service to this port. Nobody else can reach it: the gateway forwards nothing.",
        source: "Whonix/whonix-firewall usr/bin/whonix-workstation-firewall, EXTERNAL_OPEN_PORTS",
      },
    ],
  };
}

/** What a node offers through its gateway, over qrexec. */
export function exposures(qube: Qube): Exposure[] {
  const { onion } = ownOf(qube);
  if (onion?.p2p !== "static" || onion.via === "network") return [];
  return [{ service: "p2p", key: "onion", onion: service(qube) }];
}

/** The address at which a node's gateway reaches it, where it does so by network. */
export function pinnedIp(qube: Qube): Explained<string> | undefined {
  const { onion } = ownOf(qube);
  if (onion?.p2p !== "static" || onion.via !== "network" || onion.ip === undefined) return undefined;
  return {
    value: onion.ip,
    why: "The gateway's onion service ends at this address, which Qubes would otherwise choose anew for a qube that is made anew.",
    source: "qubes-core-admin qubes/vm/mix/net.py, ip",
  };
}

/** The onion service whose key lies on the gateway. */
export function service(qube: Qube): OnionService {
  return {
    name: `${qube.name}-p2p`,
    port: portsOf(qube).p2p,
    pow: ownOf(qube).onion?.pow === true,
    why: `Peers of ${qube.name}, at an address that stays.`,
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
