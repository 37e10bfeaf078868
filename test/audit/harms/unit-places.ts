// SPDX-License-Identifier: GPL-3.0-or-later
/** Where the seed's units lie in its tree, by the end of their paths. */

/** A unit of a template. */
export const at = (template: string, unit: string) => `/files/${template}/usr/lib/systemd/system/${unit}`;
export const NODE = at("qwbtc-ws-bitcoin", "qwbtc-bitcoind.service");
export const SERVER = at("qwbtc-ws-fulcrum", "qwbtc-fulcrum.service");
export const TRADER = at("qwbtc-ws-jm-server", "qwbtc-joinmarketd.service");
export const LINK = at("qwbtc-ws-electrum", "qwbtc-tcp-50001@.service");
export const SOCKET = at("qwbtc-ws-electrum", "qwbtc-tcp-50001.socket");
