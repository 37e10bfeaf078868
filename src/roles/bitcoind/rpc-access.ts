// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import type { Link, Qube } from "../../model/model.ts";
import type { SecretFile } from "../../model/parts.ts";
import { DATADIR, linksTo, USER } from "./own.ts";

/**
 * The file beside bitcoin.conf that holds a client's rpcauth line: its name with the hash of its password. One a client, so that bitcoin.conf reads
 * the lines of the topology's clients and no others, whatever else the pillar or the folder still has: a user without a list may call everything.
 */
export const rpcauthFile = (client: string) => `rpcauth-${client}.conf`;

/** What the node must be given from the pillar: the rpcauth line of each of its clients. */
export function rpcauth(node: Qube, formula: string): SecretFile[] {
  const clients = [...new Set(linksTo(node, "rpc").map(({ client }) => client.name))].toSorted(inCOrder);
  return clients.map((client) => ({
    path: `${DATADIR}/${rpcauthFile(client)}`,
    pillar: `${formula}:rpcauth:${client}`,
    shape: `rpcauth=${client}:SALT$HASH`,
    // Another name, or a second line, would be a user without a list.
    check: `rpcauth=${client}:[0-9a-f]+[$][0-9a-f]{64}`,
    client,
    server: node.name,
    user: USER,
    group: USER,
    mode: "0600",
    dirMode: "0700",
    why: `The rpcauth line of ${client}, which uses this node: its name and a salted hash, not its password.`,
  }));
}

/**
 * A client's own password for a node, as `user:password`, which Fulcrum and JoinMarket read as they would the node's cookie. Without a line
 * break at its end: JoinMarket takes all that follows the colon for the password (src/jmclient/configure.py).
 */
export function rpcCookie(link: Link, formula: string, file: Pick<SecretFile, "path" | "user" | "group">): SecretFile {
  const { client, server } = link;
  return {
    ...file,
    pillar: `${formula}:rpc:${server.name}`,
    shape: `${client.name}:PASSWORD`,
    check: `${client.name}:[A-Za-z0-9_-]+`,
    client: client.name,
    server: server.name,
    mode: "0600",
    dirMode: "0700",
    why: `The name and password by which this qube, and no other, uses the RPC of ${server.name}.`,
  };
}
