// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The address at which every workstation reaches its gateway, whatever the gateway's real address: the gateway redirects connections to it to
 * its own SocksPorts (whonix-firewall, WORKSTATION_DEST_SOCKSIFIED). The one place in this project that knows it.
 */
export const GATEWAY_ADDRESS = "10.152.152.10";

/** The ports that stock gateways open to workstations by themselves (whonix-firewall, SOCKS port range). */
export const STOCK_SOCKS_PORTS = { first: 9152, last: 9229 };

/** The workstation's end of Tor's control port; anon-ws-disable-stacked-tor forwards it to onion-grater on the gateway. */
export const CONTROL_PORT = "127.0.0.1:9051";

/** Where our files go: read by Whonix, kept by an AppVM, and left alone by its IP rewriting, which knows only 50_user.conf. */
export const torrcPath = (formula: string) => `/usr/local/etc/torrc.d/40_${formula}.conf`;
export const firewallPath = (formula: string) => `/usr/local/etc/whonix_firewall.d/40_${formula}.conf`;
export const graterPath = (formula: string) => `/usr/local/etc/onion-grater-merger.d/40_${formula}.yml`;
export const sdwdateGuiPath = (formula: string) => `/usr/local/etc/sdwdate-gui.d/40_${formula}.conf`;
export const torBrowserPath = (formula: string) => `/usr/local/etc/torbrowser.d/40_${formula}.conf`;
