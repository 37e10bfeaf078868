// SPDX-License-Identifier: GPL-3.0-or-later
import type { SocksPort } from "../model/model.ts";
import { GATEWAY_ADDRESS } from "./gateway.ts";

/** The SocksPort of ours on every gateway that serves a daemon: stock Whonix has none that is for onion services only. */
export const ONION_PORT: SocksPort = {
  value: 9401,
  flags: ["IsolateDestAddr", "IsolateDestPort", "OnionTrafficOnly"],
  why: "For daemons that are told to use onion services only; this port holds them to that.",
  source: "tor(1), SocksPort",
};

/** That port, as a workstation's program dials it. */
export const ONION_PROXY = `${GATEWAY_ADDRESS}:${ONION_PORT.value}`;
