// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Locate, Path } from "../parse/document.ts";
import type { QubeEntry, WrittenReference } from "../topology/topology.ts";
import * as say from "./messages.ts";
import type { ExternalQube, Link, Qube } from "./model.ts";
import { remoteOf } from "./remote.ts";
import type { Reference } from "./role.ts";

/** What the references of a qube are resolved against. */
export interface Surroundings {
  readonly qubes: ReadonlyMap<string, Qube>;
  readonly externals: ReadonlyMap<string, ExternalQube>;
  /** Qubes that were declared but not understood: nothing is said on their account. */
  readonly broken: ReadonlySet<string>;
  /** The loopback ports of gateways at which something listens, as far as links are known. */
  readonly taken: Map<Qube, Set<number>>;
  readonly locate: Locate;
  readonly complain: (diagnostic: Diagnostic) => void;
}

interface Written {
  readonly target: string;
  /** Where the name stands. */
  readonly path: Path;
  /** The local port, where one was chosen. */
  readonly local: number | undefined;
}

/** The links that a qube's own references declare, one for each service that is used. */
export function* linksOf(client: Qube, entry: QubeEntry, around: Surroundings): Iterable<Link> {
  for (const [key, reference] of Object.entries(client.role.references ?? {})) {
    for (const written of writtenReferences(entry[key], [...client.path, key])) {
      const server = resolve(written, reference, around);
      if (!server) continue;
      const services = typeof reference.services === "function" ? reference.services(client.own) : reference.services;
      for (const service of services) {
        const port = server.role.services?.(server)[service];
        if (port === undefined) {
          if (!remoteOf(server)) throw new Error(`role ${reference.role} serves no ${service}`);
          around.complain(
            say.notServedThere.at(around.locate([...written.path]), server.name, service, client.role.name),
          );
          continue;
        }
        const named = written.local !== undefined;
        yield {
          client,
          server,
          service,
          port,
          local: written.local ?? port,
          named,
          key,
          declaredBy: client,
          reference,
        };
      }
    }
  }
}

/** A reference's plain name, its name with a port, or its list of these, each with its place. */
function writtenReferences(value: unknown, path: Path): Written[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one, at) => writtenReferences(one, [...path, at]));
  const reference = value as WrittenReference;
  return [
    typeof reference === "string"
      ? { target: reference, path, local: undefined }
      : { target: reference.qube, path: [...path, "qube"], local: reference.port },
  ];
}

function resolve(written: Written, reference: Reference, around: Surroundings): Qube | undefined {
  const { target } = written;
  if (around.broken.has(target)) return undefined;
  const place = around.locate([...written.path]);
  const needs = `a qube of role ${reference.role}`;
  const server = around.qubes.get(target);
  if (server?.role.name === reference.role) return server;
  if (server || around.externals.has(target)) around.complain(say.wrongRole.at(place, target, roleName(server), needs));
  else {
    const known = [...around.qubes.values()].filter((one) => one.role.name === reference.role);
    around.complain(
      say.noSuchQube.at(
        place,
        target,
        known.map((one) => one.name),
      ),
    );
  }
  return undefined;
}

/** What a qube is, for a message. */
export function roleName(qube: Qube | undefined): string {
  return qube ? `a qube of role ${qube.role.name}` : "a qube that is not made here";
}
