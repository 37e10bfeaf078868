// SPDX-License-Identifier: GPL-3.0-or-later
import * as say from "./messages.ts";
import type { Link, Qube } from "./model.ts";
import { upstream } from "./order.ts";
import { roleName, type Surroundings } from "./references.ts";
import type { Exposure } from "./role.ts";

/**
 * What a server offers through onion services that end over qrexec: each is a link whose client is the gateway. So the server may stay without
 * network, and no address of it is baked in.
 */
export function* exposuresOf(server: Qube, around: Surroundings): Iterable<Link> {
  for (const { service, gateway: name, local: wanted, key, onion } of server.role.exposes?.(server) ?? []) {
    const gateway = name === undefined ? upstream(server) : gatewayOf(name, server, key, around);
    const port = server.role.services?.(server)[service];
    if (port === undefined) throw new Error(`role ${server.role.name} serves no ${service}`);
    if (!gateway) continue;
    const local = freePort(wanted, gateway, around);
    const reference = {
      role: server.role.name,
      services: [service],
      description: "The end of an onion service.",
    };
    yield {
      client: gateway,
      server,
      service,
      port,
      local,
      named: local !== port,
      key,
      declaredBy: server,
      reference,
      onion,
    };
  }
}

/** A port of a gateway's loopback at which nothing listens yet. Nobody types it: any will do, as long as it is always the same. */
function freePort(wanted: number, gateway: Qube, { taken }: Surroundings): number {
  const used = taken.get(gateway) ?? new Set(gateway.role.ports?.(gateway));
  taken.set(gateway, used);
  let port = wanted;
  while (used.has(port)) port++;
  used.add(port);
  return port;
}

function gatewayOf(name: string, server: Qube, key: Exposure["key"], around: Surroundings): Qube | undefined {
  if (around.broken.has(name)) return undefined;
  const place = around.locate([...server.path, key, "gateway"]);
  const gateway = around.qubes.get(name);
  if (gateway?.role.providesNetwork) return gateway;
  const gateways = [...around.qubes.values()].filter((one) => one.role.providesNetwork).map((one) => one.name);
  if (gateway) around.complain(say.wrongRole.at(place, name, roleName(gateway), "a gateway of this topology"));
  else if (around.externals.has(name)) around.complain(say.notOurGateway.at(place, name));
  else around.complain(say.noSuchQube.at(place, name, gateways));
  return undefined;
}
