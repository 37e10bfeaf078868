// SPDX-License-Identifier: GPL-3.0-or-later
import type { Door, Seen, Trust } from "../../model/trust.ts";
import { CHAINS } from "../bitcoind/chains.ts";
import { isRpc } from "../bitcoind/trust.ts";

/** What an Electrum server is trusted with, and what it learns. */
export function serverTrust(server: Seen): Trust {
  const port = Number(/^bitcoind = 127\.0\.0\.1:([0-9]+)$/m.exec(server.text(/\/fulcrum\.conf$/) ?? "")?.[1]);
  // Of a link at another port than its chain's the chain is not known here.
  const chain = Object.values(CHAINS).find(({ ports }) => ports.rpc === port);

  return {
    with: [
      "Privacy: it knows which addresses belong to one wallet, and nobody else has to.",
      "A true view of a wallet's coins: what it keeps back, its wallets do not see.",
      "That it runs: its wallets neither see nor send anything without it.",
      "No key: its index is of the public chain.",
    ],
    keeps: { kind: "data", what: "its index of the chain", ...(chain && { gib: chain.index }) },
    learns: [],
    ifTaken: [
      "could keep the addresses of each wallet from then on, with the times at which it asked; its index knows no wallet.",
    ],
    servedBy: {
      bitcoind: {
        learns: (door) =>
          isRpc(door)
            ? [
                {
                  what: `which transactions wallets look up by ${door.client.name}, and which they send; not which wallet`,
                  why: "Fulcrum asks its node for the text of a transaction, and gives it those that wallets send.",
                },
              ]
            : [],
        could: (door) =>
          isRpc(door)
            ? [
                `could give ${door.client.name} another chain, or an old one: it believes its node. A wallet checks the work of the blocks itself, and cannot know of blocks that are kept from it.`,
              ]
            : [],
      },
    },
    allows: serverAllows,
    outside: [
      {
        what: "all addresses of their wallets, and when they ask; not from where",
        why: "A wallet asks about each of its addresses, and comes by an onion service.",
      },
    ],
    strangers: [],
  };
}

/** What a client could do with the port of an Electrum server. */
export function serverAllows({ server, forwards }: Door): readonly string[] {
  const there = forwards ? `the server for which ${server.name} stands` : server.name;
  return [
    `could ask ${there} about any address and transaction of the chain.`,
    `could send any transaction by ${there}: whoever has a key needs no network to spend, and can write what it knows into the chain for all to read.`,
  ];
}
