// SPDX-License-Identifier: GPL-3.0-or-later
import type { TemplateParts } from "../../model/parts.ts";

/** Libraries that JoinMarket loads by name; Whonix 17 is on Debian 12 and has another version of one than Whonix 18 on Debian 13. */
export function libraries(whonix: 17 | 18): NonNullable<TemplateParts["packages"]> {
  return [
    { name: "libsodium23", why: "Encrypts messages between traders; loaded by name (libnacl)." },
    {
      name: whonix === 17 ? "libsecp256k1-1" : "libsecp256k1-2",
      why: "Bitcoin's signatures; loaded by name (python-bitcointx).",
    },
  ];
}
