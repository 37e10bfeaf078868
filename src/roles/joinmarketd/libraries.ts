// SPDX-License-Identifier: GPL-3.0-or-later
import type { TemplateParts } from "../../model/parts.ts";

type Packages = NonNullable<TemplateParts["packages"]>;

/** What JoinMarket's daemon loads by name. */
export const daemonLibraries: Packages = [
  { name: "libsodium23", why: "Encrypts messages between traders; loaded by name (libnacl)." },
];

/** What its wallet loads by name; Whonix 17 is on Debian 12 and has another version of one than Whonix 18 on Debian 13. */
export function walletLibraries(whonix: 17 | 18): Packages {
  return [
    ...daemonLibraries,
    {
      name: whonix === 17 ? "libsecp256k1-1" : "libsecp256k1-2",
      why: "Bitcoin's signatures; loaded by name (python-bitcointx).",
    },
  ];
}
