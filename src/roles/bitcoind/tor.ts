// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube, TorNeeds } from "../../model/model.ts";
import { ONION_PORT } from "../../whonix/onion-port.ts";
import { ownOf, PORTS } from "./own.ts";

/** What a node needs of its gateway: an onion-only SocksPort, and for an onion service the one command that makes it. */
export function torNeeds(qube: Qube): TorNeeds {
  const socksPorts = [ONION_PORT];
  if (!ownOf(qube).onion) return { socksPorts };
  return {
    socksPorts,
    onionGrater: [
      {
        command: "ADD_ONION",
        pattern: `NEW:ED25519-V3 Port=${PORTS.p2p},0\\.0\\.0\\.0:${PORTS.onion}`,
        replacement: `NEW:ED25519-V3 Port=${PORTS.p2p},{client-address}:${PORTS.onion} Flags=DiscardPK`,
        why: "What bitcoind sends for `listenonion=1` with our `bind`: peers dial port 8333 of the service and reach 8334 of the node.",
        source: "Bitcoin Core src/torcontrol.cpp, add_onion",
      },
    ],
    inbound: [
      {
        value: PORTS.onion,
        why: "The gateway's tor delivers the node's onion service to this port. Nobody else can reach it: the gateway forwards nothing.",
        source: "Whonix/whonix-firewall usr/bin/whonix-workstation-firewall, EXTERNAL_OPEN_PORTS",
      },
    ],
  };
}
