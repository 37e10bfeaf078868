// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";
import * as say from "./messages.ts";
import type { Link, Qube } from "./model.ts";
import { upstream } from "./order.ts";
import { roleName, type Surroundings } from "./references.ts";
import type { Exposure } from "./role.ts";

/**
 * What a server offers through onion services that end over qrexec: each is a link whose client is the gateway. So the server may stay without
 * network, and no address of it is baked in. The gateway names the server, and its port follows from that name: while a changed topology is
 * being applied, part by part, an onion service that is no more can lead nowhere else.
 */
export function* exposuresOf(server: Qube, around: Surroundings): Iterable<Link> {
  for (const { service, gateway: name, key, onion } of server.role.exposes?.(server) ?? []) {
    const gateway = name === undefined ? upstream(server) : gatewayOf(name, server, key, around);
    const port = server.role.services?.(server)[service];
    if (port === undefined) throw new Error(`role ${server.role.name} serves no ${service}`);
    if (!gateway) continue;
    const local = freePort(portOf(server.name, service), gateway, around);
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
      named: true,
      key,
      declaredBy: server,
      reference,
      onion,
    };
  }
}

/** A port that follows from a name: between those that programs are known by and those that Linux gives out by itself (from 32768). */
function portOf(name: string, service: string): number {
  const digest = createHash("sha256").update(`${service} ${name}`).digest();
  return 20000 + (digest.readUInt32BE(0) % 10000);
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
