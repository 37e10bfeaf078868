// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube, SocksPort } from "../model/model.ts";
import { upstream } from "../model/order.ts";
import { GATEWAY_ADDRESS } from "./gateway.ts";

/** The SocksPort of ours on a gateway that serves a daemon: stock Whonix has none that is for onion services only. */
export const ONION_PORT: SocksPort = {
  value: 9401,
  flags: ["IsolateDestAddr", "IsolateDestPort", "OnionTrafficOnly"],
  why: "For daemons that are told to use onion services only; this port holds them to that.",
  source: "tor(1), SocksPort",
};

/** One of Whonix' own ports with the same isolation, which takes any address (anon-gw-anonymizer-config, 9180 to 9189). */
const STOCK_PORT = 9180;

/** The SocksPorts of a gateway, as a workstation's program dials them. */
export interface GatewayPorts {
  /** For onion services: our own port, or Whonix' where the gateway has `socks: stock`. */
  readonly onion: number;
  /** For everything else. */
  readonly any: number;
  /** Whether `onion` refuses everything else. */
  readonly onionOnly: boolean;
}

/** The ports at which a workstation finds its gateway's tor. */
export function gatewayPorts(workstation: Qube): GatewayPorts {
  const onionOnly = upstream(workstation)?.own["socks"] !== "stock";
  return { onion: onionOnly ? ONION_PORT.value : STOCK_PORT, any: STOCK_PORT, onionOnly };
}

/** The SocksPorts that a workstation's program needs of its gateway beyond the stock ones. */
export function ownSocksPorts(workstation: Qube): SocksPort[] {
  return gatewayPorts(workstation).onionOnly ? [ONION_PORT] : [];
}

/** A port of the gateway, as a workstation's program dials it. */
export function atGateway(port: number): string {
  return `${GATEWAY_ADDRESS}:${port}`;
}
