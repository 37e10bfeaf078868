// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import type { Link, Qube } from "../../model/model.ts";
import type { SecretFile } from "../../model/parts.ts";
import { DATADIR, linksTo, USER } from "./own.ts";

/** The file beside bitcoin.conf that holds the clients' rpcauth lines: hashes of their passwords, a line each. */
export const RPCAUTH = "rpcauth.conf";

/** What the node must be given from the pillar: the file of its clients' rpcauth lines, if it has clients. */
export function rpcauth(node: Qube, formula: string): SecretFile[] {
  const clients = [...new Set(linksTo(node, "rpc").map(({ client }) => client.name))].toSorted(inCOrder);
  if (clients.length === 0) return [];
  return [
    {
      path: `${DATADIR}/${RPCAUTH}`,
      pillar: `${formula}:rpcauth`,
      shape: ["rpcauth: |", ...clients.map((client) => `  rpcauth=${client}:SALT$HASH`)],
      user: USER,
      group: USER,
      mode: "0600",
      dirMode: "0700",
      why: `One rpcauth line for each qube that uses this node: ${clients.join(", ")}. They hold salted hashes, not passwords.`,
    },
  ];
}

/**
 * A client's own password for a node, as `user:password`, which Fulcrum and JoinMarket read as they would the node's cookie. Without a line
 * break at its end: JoinMarket takes all that follows the colon for the password (src/jmclient/configure.py).
 */
export function rpcCookie(link: Link, formula: string, file: Pick<SecretFile, "path" | "user" | "group">): SecretFile {
  return {
    ...file,
    pillar: `${formula}:rpc:${link.server.name}`,
    shape: ["rpc:", `  ${link.server.name}: "${link.client.name}:PASSWORD"`],
    client: link.client.name,
    mode: "0600",
    dirMode: "0700",
    why: `The name and password by which this qube, and no other, uses the RPC of ${link.server.name}.`,
  };
}
