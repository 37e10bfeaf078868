// SPDX-License-Identifier: GPL-3.0-or-later
import type { Trust } from "../../model/trust.ts";
import type { Way } from "./parts.ts";

/** What a qube is trusted with that stands for a server elsewhere. `allows` is the server's own: a client finds in it what it would find there. */
export function forwarderTrust(over: Way, allows: Trust["allows"], alone: Trust["alone"]): Trust {
  return {
    with: [
      "To lead to the one server elsewhere and nowhere else.",
      "That it runs: its clients reach that server by it alone.",
      "No key of a wallet.",
    ],
    learns: [],
    ifTaken: [
      "could read and change what its clients and the server say to each other, where they do not encrypt it themselves; calls to a node's RPC are not encrypted, and neither are their passwords.",
      "could lead its clients to another server; a wallet that knows the server's certificate would not speak to that one.",
    ],
    servedBy: {
      "whonix-gateway": {
        learns: ({ client }) => [
          {
            what: `which onion service ${client.name} calls and when, and what is said to it where that is not encrypted besides`,
            why: "Its tor makes the connections, and ends their encryption.",
          },
        ],
        could: ({ client }) => [`could cut ${client.name} off from its server, or answer in its place.`],
      },
    },
    ...(allows && { allows }),
    ...(alone && { alone }),
    strangers: [
      {
        who: "the server elsewhere, and whoever has its machine",
        what: "all that a server of that kind here would learn of its clients",
        why: "Everything is passed on to it.",
      },
      ...(over === "lan"
        ? [
            {
              who: "devices on the way to the server",
              what: "that this machine talks to it, when and how much",
              why: "It is reached over the network at home, encrypted and not hidden.",
            },
          ]
        : []),
    ],
  };
}
