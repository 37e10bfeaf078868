// SPDX-License-Identifier: GPL-3.0-or-later
import type { WhonixVersion } from "../../software/platforms.ts";
import type { TemplateParts } from "../../model/parts.ts";

type Packages = NonNullable<TemplateParts["packages"]>;

/** What JoinMarket's daemon loads by name. */
export const daemonLibraries: Packages = [
  { name: "libsodium23", why: "Encrypts messages between traders; loaded by name (libnacl)." },
];

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
