// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import type { Link, Qube } from "../../model/model.ts";
import type { SecretFile } from "../../model/parts.ts";
import type { Section, Setting } from "../../model/setting.ts";
import { DATADIR, USER } from "./own.ts";

/** The file beside bitcoin.conf that holds the clients' rpcauth lines: hashes of their passwords, a line each. */
const RPCAUTH = "rpcauth.conf";

/** The links by which other qubes use a node's RPC. */
function rpcLinks(node: Qube): readonly Link[] {
  return node.serves.filter((link) => link.service === "rpc");
}

/** What the node must be given from the pillar: the file of its clients' rpcauth lines, if it has clients. */
export function rpcauth(node: Qube, formula: string): SecretFile[] {
  if (rpcLinks(node).length === 0) return [];
  return [
    {
      path: `${DATADIR}/${RPCAUTH}`,
      pillar: `${formula}:rpcauth`,
      shape: ["rpcauth: |", ...clientsOf(node).map((client) => `  rpcauth=${client}:SALT$HASH`)],
      user: USER,
      group: USER,
      mode: "0600",
      dirMode: "0700",
      why: `One rpcauth line for each qube that uses this node: ${clientsOf(node).join(", ")}. They hold salted hashes, not passwords.`,
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

/** The RPC part of bitcoin.conf: the loopback, and what each client may ask. */
export function rpcSettings(node: Qube): Section {
  const loopback: Setting[] = [
    {
      key: "rpcbind",
      value: "127.0.0.1",
      why: "RPC is plain HTTP with a password: never off the loopback. qrexec delivers its connections there.",
      source: "bitcoind -help, -rpcbind; qubes-core-agent-linux qubes-rpc/Makefile, qubes.ConnectTCP",
    },
    {
      key: "rpcallowip",
      value: "127.0.0.1",
      why: "Belongs to rpcbind: without it rpcbind is ignored with a line in the log.",
      source: "Bitcoin Core src/httpserver.cpp",
    },
  ];
  return {
    heading: "RPC: this qube's loopback only; other qubes reach it over qrexec, as the policy in dom0 allows",
    settings: [...loopback, ...(rpcLinks(node).length > 0 ? clientSettings(node) : [])],
  };
}

function clientSettings(node: Qube): Setting[] {
  return [
    {
      key: "includeconf",
      value: RPCAUTH,
      why: "The clients' users with the hashes of their passwords, which come from dom0's pillar and stand in no other file.",
      source: "bitcoind -help, -includeconf, -rpcauth",
    },
    {
      key: "rpcwhitelistdefault",
      value: 0,
      why: "A user without a list may call everything. There is one such user, the cookie's, who owns this node; each client has its list below. Without this line the lists would lock bitcoin-cli out.",
      source: "Bitcoin Core src/httprpc.cpp, rpcwhitelistdefault",
    },
    ...clientsOf(node).map((client) => ({
      key: "rpcwhitelist",
      value: `${client}:${methodsOf(node, client).join(",")}`,
      why: `What the program in ${client} calls, and nothing else. One line a user: bitcoind would allow only what is in all of several lines.`,
      source: "bitcoind -help, -rpcwhitelist; the program's sources",
    })),
  ];
}

function clientsOf(node: Qube): string[] {
  return [...new Set(rpcLinks(node).map((link) => link.client.name))].toSorted(inCOrder);
}

function methodsOf(node: Qube, client: string): string[] {
  const calls = rpcLinks(node)
    .filter((link) => link.client.name === client)
    .flatMap((link) => link.reference.calls ?? []);
  return [...new Set(calls)].toSorted(inCOrder);
}
