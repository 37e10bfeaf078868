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

/** Every torrc holds SocksPorts only, with known flags, none on a port that Whonix has, and no address that could go stale. */
export function* torrc({ tree }: Reading): Iterable<string> {
  for (const [path, { text }] of tree) {
    if (!path.includes("/torrc.d/")) continue;
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
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
  }
}
