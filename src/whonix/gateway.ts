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

/**
 * What listens on a stock gateway's loopback, ports from first to last: the update proxy, transparent proxying, tor's SOCKS, HTTP and control
 * ports, and onion-grater (anon-gw-anonymizer-config tor-service-defaults-torrc; qubes-whonix qubes.UpdatesProxy).
 */
const STOCK_LISTENERS = [
  [8082, 8082],
  [9040, 9041],
  [9050, 9052],
  [9100, 9125],
  [9150, 9150],
  [STOCK_SOCKS_PORTS.first, STOCK_SOCKS_PORTS.last],
] as const;

/** Ports that a socket of ours cannot have on a gateway. */
export const GATEWAY_PORTS: readonly number[] = STOCK_LISTENERS.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at),
);

/**
 * Ports of a gateway at which no workstation may find anything: remote shells and web servers, the update proxy, transparent proxying, which ours
 * switch off, and tor's own control port. Its firewall drops them (whonix-firewall usr/bin/whonix-gateway-firewall, input).
 */
export const GATEWAY_CLOSED: readonly number[] = [22, 53, 80, 443, 5300, 8082, 9040, 9041, 9052];

/** What listens on a stock workstation's loopback and leads to its gateway (anon-ws-disable-stacked-tor, its generated sockets). */
export const WORKSTATION_PORTS: readonly number[] = [9050, 9051, 9102, 9150, 9151];

/** Tor's user on a gateway, of Debian's package; tor and its AppArmor profile want what lies in its folder to be its own. */
export const TOR_USER = "debian-tor";

/**
 * The folder of an onion service. Right below /var/lib/tor, which Whonix keeps over reboots: tor makes the last part of a path at most, and dies
 * where more is missing (anon-gw-anonymizer-config qubes-bind-dirs.d; tor src/lib/fs/dir.c, check_private_dir).
 */
export const onionFolder = (formula: string, name: string) => `/var/lib/tor/${formula}-${name}`;

/** Where tor looks for the public keys of those who may use an onion service, and what each file is called (tor(1), CLIENT AUTHORIZATION). */
export const clientsFolder = (folder: string) => `${folder}/authorized_clients`;
export const clientFile = (folder: string, client: string) => `${clientsFolder(folder)}/${client}.auth`;

/** Where our files go: read by Whonix, kept by an AppVM, and left alone by its IP rewriting, which knows only 50_user.conf. */
export const torrcPath = (formula: string) => `/usr/local/etc/torrc.d/40_${formula}.conf`;
export const firewallPath = (formula: string) => `/usr/local/etc/whonix_firewall.d/40_${formula}.conf`;
export const graterPath = (formula: string) => `/usr/local/etc/onion-grater-merger.d/40_${formula}.yml`;
export const sdwdateGuiPath = (formula: string) => `/usr/local/etc/sdwdate-gui.d/40_${formula}.conf`;
export const torBrowserPath = (formula: string) => `/usr/local/etc/torbrowser.d/40_${formula}.conf`;
