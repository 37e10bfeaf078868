// SPDX-License-Identifier: GPL-3.0-or-later
import type { Holds } from "../../model/holds.ts";
import type { Model, Qube } from "../../model/model.ts";
import { publishedBy } from "./services.ts";

/** The onion services whose keys lie in a gateway, and the services elsewhere to which it has keys. */
export function keysIn(gateway: Qube, { formula }: Model): { readonly own: string[]; readonly others: string[] } {
  return {
    own: publishedBy(gateway, formula).map(({ service }) => service.name),
    others: gateway.behind.flatMap((qube) => qube.role.tor?.(qube).clientAuth ?? []).map(({ name }) => name),
  };
}

/** What is lost with a gateway. */
export function gatewayHolds(gateway: Qube, model: Model): Holds {
  const { own, others } = keysIn(gateway, model);
  const keys = [
    ...(own.length > 0
      ? [`The keys of the onion services ${own.join(", ")}: without them their addresses are lost for good.`]
      : []),
    ...(others.length > 0 ? [`The keys by which ${others.join(", ")} may be called; dom0's pillar has them too.`] : []),
  ];
  return keys.length > 0
    ? { what: "keys", words: keys.join(" ") }
    : { what: "nothing", words: "Tor's choice of guards, which is made again." };
}
