// SPDX-License-Identifier: GPL-3.0-or-later
import { STOCK_SOCKS_PORTS } from "../whonix/gateway.ts";
import type { Reading } from "./reading.ts";

/** Flags that tor(1) knows for a SocksPort; of any other it only warns, and the port runs without the isolation that was meant. */
const FLAGS = new Set([
  "IsolateDestAddr",
  "IsolateDestPort",
  "IsolateClientProtocol",
  "IsolateSOCKSAuth",
  "IsolateClientAddr",
  "OnionTrafficOnly",
]);

/** An onion service as a torrc has it. */
export interface ReadService {
  readonly folder: string;
  readonly port: number;
  readonly target: string;
  readonly pow: boolean;
}

/** The lines of a torrc that say something, and the onion services that they make: each three lines at most, in this order. */
export function readTorrc(text: string): { socksPorts: string[]; services: ReadService[]; odd: string[] } {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const socksPorts = lines.filter((line) => line.startsWith("SocksPort "));
  const rest = lines.filter((line) => !line.startsWith("SocksPort ")).join("\n");
  const service =
    /^HiddenServiceDir (\/\S+)\nHiddenServicePort ([0-9]+) ([0-9.]+:[0-9]+)(\nHiddenServicePoWDefensesEnabled 1)?$/gm;
  const services = Array.from(rest.matchAll(service), ([, folder = "", port, target = "", pow]) => ({
    folder,
    port: Number(port),
    target,
    pow: pow !== undefined,
  }));
  const odd = rest.replaceAll(service, "").split("\n").filter(Boolean);
  return { socksPorts, services, odd };
}

/**
 * Every torrc holds SocksPorts and onion services only: ports with known flags, none on a port that Whonix has, and no address that could go
 * stale; services in folders that tor can make. Which services there are is for `onionServices`.
 */
export function* torrc({ tree }: Reading): Iterable<string> {
  for (const [path, { text }] of tree) {
    if (!path.includes("/torrc.d/")) continue;
    const { socksPorts, services, odd } = readTorrc(text);
    for (const line of odd) yield `${path}: neither a SocksPort nor a whole onion service: ${line}`;
    for (const line of socksPorts) {
      const [, address = "", port = "", flags = ""] = /^SocksPort ([0-9.]+):([0-9]+)((?: \w+)*)$/.exec(line) ?? [];
      if (address !== "0.0.0.0")
        yield `${path}: not a SocksPort on 0.0.0.0 (40_*.conf is not rewritten by Whonix): ${line}`;
      if (Number(port) >= STOCK_SOCKS_PORTS.first && Number(port) <= STOCK_SOCKS_PORTS.last)
        yield `${path}: Whonix has this port: ${line}`;
      const list = flags.trim().split(" ");
      for (const flag of list) if (!FLAGS.has(flag)) yield `${path}: tor knows no flag ${flag}: ${line}`;
      for (const flag of ["IsolateDestAddr", "IsolateDestPort"])
        if (!list.includes(flag)) yield `${path}: ${flag} is missing: ${line}`;
    }
    for (const { folder } of services) {
      if (!/^\/var\/lib\/tor\/[A-Za-z0-9_-]+$/.test(folder))
        yield `${path}: not right below /var/lib/tor, where tor would die or Whonix forget it: ${folder}`;
    }
  }
}
