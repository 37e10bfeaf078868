// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Qube } from "../../model/model.ts";
import { ownOf } from "./own.ts";

/** What the settings of a server follow from. */
export interface ServerFacts {
  /** The node by name, and this end of the link to its RPC. */
  readonly node: string;
  readonly rpcPort: number;
  readonly phase: "sync" | "steady";
  /** MiB that the qube may have. */
  readonly maxmem: number;
}

/** What a server's settings follow from. */
export function serverFacts(qube: Qube): ServerFacts {
  const { server, local } = rpcOf(qube);
  return { node: server.name, rpcPort: local, phase: ownOf(qube).phase, maxmem: qube.vm.maxmem.value };
}

/** The link of a server to its node's RPC. */
export function rpcOf(qube: Pick<Qube, "uses">): Link {
  return qube.uses.find((link) => link.service === "rpc") as Link;
}
