// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import type { Qube } from "../../model/model.ts";
import type { QubeParts } from "../../model/parts.ts";
import { TOR_USER } from "../../whonix/gateway.ts";
import { reloadTor } from "../../whonix/reloads.ts";

/** Whonix' torrc names it (anon-gw-anonymizer-config etc/torrc.d/65_gateway.conf, ClientOnionAuthDir). */
export const FOLDER = "/var/lib/tor/authdir";

/** The file of a key, named so that ours are told from the user's. */
export const fileOf = (name: string, formula: string) => `${formula}-${name}.auth_private`;

/** The keys by which the qubes behind a gateway may call onion services that ask for one: from the pillar, for they are secrets. */
export function clientKeys(gateway: Qube, formula: string): Pick<QubeParts, "directories" | "secrets" | "pruned"> {
  const own = { user: TOR_USER, group: TOR_USER };
  const asked = gateway.behind.flatMap((qube) => qube.role.tor?.(qube).clientAuth ?? []);
  const pruned = [
    {
      path: FOLDER,
      user: own.user,
      glob: `${formula}-*.auth_private`,
      keep: asked.map(({ name }) => fileOf(name, formula)),
      why: "A key that the topology asks for no longer is taken away, for every qube behind this gateway could go on using it; keys of yours stay.",
      reload: reloadTor,
    },
  ];
  if (asked.length === 0) return { pruned };
  return {
    pruned,
    directories: [
      {
        ...own,
        path: FOLDER,
        mode: "0700",
        why: "Where Whonix' tor looks for keys to onion services. Its own alone: tor takes all rights of others away itself. Source: Tor src/feature/hs/hs_client.c",
      },
    ],
    secrets: asked
      .toSorted((a, b) => inCOrder(a.name, b.name))
      .map(({ name, address }) => ({
        ...own,
        path: `${FOLDER}/${fileOf(name, formula)}`,
        pillar: `${formula}:onion_auth:${name}`,
        shape: `${address}:descriptor:x25519:PRIVATE_KEY`,
        check: `${address}:descriptor:x25519:[A-Z2-7]{52}`,
        server: name,
        mode: "0600",
        dirMode: "0700",
        why: `The key by which ${name} may call the onion service that it stands for: one line, the address and the key. Source: tor(1), CLIENT AUTHORIZATION`,
        reload: reloadTor,
      })),
  };
}
