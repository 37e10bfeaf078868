// SPDX-License-Identifier: GPL-3.0-or-later
import { forwardedPorts, remoteOf } from "../../model/remote.ts";
import type { Qube } from "../../model/model.ts";
import type { Remote } from "../../topology/topology.ts";

/** A port that a qube forwards, and where it leads. */
export interface Forward {
  /** The port on the qube's loopback, at which its clients know the server. */
  readonly local: number;
  readonly host: string;
  readonly port: number;
}

/** Where the server is that a qube of these roles stands for. */
export function elsewhereOf(qube: Pick<Qube, "own">): Remote {
  const remote = remoteOf(qube);
  if (!remote) throw new Error("a forwarder without remote");
  return remote;
}

/** Where each forwarded port leads: a server's other ports lie there as far from its first as here. */
export function forwardsOf(qube: Qube): Forward[] {
  const { host, port } = elsewhereOf(qube);
  const [first = 0] = Object.values(qube.role.services?.(qube) ?? {});
  return forwardedPorts(qube).map((local) => ({ local, host, port: port + local - first }));
}

/** The file of the qube that says where a port leads, so that the template, which all such qubes share, need not. */
export function forwardFile(port: number): string {
  return `/usr/local/etc/qwbtc-salt/forward-${port}.env`;
}

/** How Electrum speaks to a server: `t` for plain TCP, or `s` for TLS with the certificate that it must show. */
export function electrumProtocol(server: Qube): { readonly letter: "t" | "s"; readonly fingerprint?: string } {
  const tls = remoteOf(server)?.tls;
  return tls ? { letter: "s", fingerprint: tls.fingerprint } : { letter: "t" };
}

/** Where something is done by hand at a server: in its qube, or on the machine that the qube stands for. */
export function placeOf(server: Qube): string {
  return remoteOf(server) ? `the machine that ${server.name} stands for` : server.name;
}
