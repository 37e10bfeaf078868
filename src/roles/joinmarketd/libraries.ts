// SPDX-License-Identifier: GPL-3.0-or-later
import type { WhonixVersion } from "../../software/platforms.ts";
import type { TemplateParts } from "../../model/parts.ts";

type Packages = NonNullable<TemplateParts["packages"]>;

/** What JoinMarket's daemon loads by name. */
export const daemonLibraries: Packages = [
  { name: "libsodium23", why: "Encrypts messages between traders; loaded by name (libnacl)." },
];

/** What makes the Python environment in which either half runs. */
export const environmentPackages: Packages = [
  { name: "python3-venv", why: "Makes JoinMarket's Python environment, and has the pip that fills it." },
];

/** What lets pip fetch in a qube that reaches its gateway's SocksPorts and nothing else. */
export const pipOverTor: Packages[number] = {
  name: "python3-socks",
  why: "By which pip fetches over Tor what JoinMarket's two halves need.",
};

/** What its wallet loads by name; of one, Debian 11, 12 and 13 (Whonix 16, 17 and 18) have the versions 0, 1 and 2. */
export function walletLibraries(whonix: WhonixVersion): Packages {
  return [
    ...daemonLibraries,
    {
      name: `libsecp256k1-${whonix - 16}`,
      why: "Bitcoin's signatures; loaded by name (python-bitcointx).",
    },
  ];
}
