// SPDX-License-Identifier: GPL-3.0-or-later
import { GATEWAY_ADDRESS } from "./gateway.ts";

/**
 * A command that says one line over a loopback port and shows the first line of the answer. In bash alone: on Whonix curl and its like are
 * wrapped to go through Tor (Whonix/uwt), which a loopback port is not for.
 */
export function probe(port: number, line: string): string {
  return `timeout 9 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} && printf "${line}" >&3 && head -n 1 <&3'`;
}

/** Whether an onion service takes a connection: its tor says so only when the server behind it took one. */
export function reachesOnion(host: string, port: number, socks: number): string {
  return `timeout 120 socat -u /dev/null SOCKS4A:${GATEWAY_ADDRESS}:${host}:${port},socksport=${socks} && echo reached`;
}

/** The fingerprint of the certificate that a TLS server shows, as openssl prints it. */
export function probeTls(host: string, port: number): string {
  return `timeout 20 openssl s_client -connect ${host}:${port} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256`;
}

/** What to say to bitcoind's RPC: it answers any GET with 405, also to those who have no password. */
export const HTTP_GET = "GET / HTTP/1.0\\r\\n\\r\\n";

/** What to say to an Electrum server. */
export const ELECTRUM_HELLO = '{\\"id\\":0,\\"method\\":\\"server.version\\",\\"params\\":[\\"check\\",\\"1.4\\"]}\\n';
