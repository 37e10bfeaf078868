// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { Hello, RoleProbe } from "../../model/probe.ts";
import { BIN, linksTo, portsOf, PROGRAMS, serviceOf, ZMQ_PORT } from "./own.ts";

/** The services of a node that say something to whoever has no password; a peer's port waits for the caller to speak. */
export const nodeHellos: Readonly<Record<string, Hello>> = {
  // httpserver.cpp: 405 to any GET, before it looks at a password; 401 where something in between asks for one first.
  rpc: { who: "Bitcoin Core's RPC", send: "GET / HTTP/1.0\r\n\r\n", expect: "HTTP/1\\.[01] (?:405|401) " },
  // ZMTP 3.1, "The Greeting": a signature of ten bytes comes from both ends at once.
  zmq: {
    who: "ZMQ",
    send: "\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0003",
    expect: "\\xff.{8}\\x7f",
  },
};

/** How one sees that a node runs, and how far it is. */
export function nodeProbe(qube: Qube, { formula }: Model): RoleProbe {
  const zmq = linksTo(qube, "zmq").length > 0;
  return {
    programs: [
      { name: "Bitcoin Core", file: `${BIN}/bitcoind`, current: `${PROGRAMS}/current`, version: qube.version },
    ],
    serves: {
      ports: [portsOf(qube).rpc, ...(zmq ? [ZMQ_PORT] : [])],
      unit: `${serviceOf(formula)}.service`,
    },
    height: {
      command: ["/usr/local/bin/bitcoin-cli", "-rpcclienttimeout=10", "getblockchaininfo"],
      keys: { blocks: "blocks", headers: "headers", syncing: "initialblockdownload" },
    },
    hellos: nodeHellos,
  };
}
