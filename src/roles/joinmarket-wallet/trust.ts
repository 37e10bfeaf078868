// SPDX-License-Identifier: GPL-3.0-or-later
import type { Door, Told, Trust } from "../../model/trust.ts";
import { isRpc } from "../bitcoind/trust.ts";

/** What a JoinMarket wallet is trusted with, and what others learn of it (JoinMarket src/jmclient, wallet_service.py and taker.py). */
export function walletTrust(): Trust {
  return {
    with: [
      "Coins: the keys of each wallet that you make in it.",
      "Anonymity: which of your coins went into which coinjoin stands in its files.",
    ],
    keeps: { kind: "keys", what: "its wallets and the record of its coinjoins" },
    learns: [
      {
        what: "what you have and pay, and how each of your coins came through its coinjoins",
        from: "you",
        why: "It is your wallet, and it keeps its history.",
      },
    ],
    ifTaken: [
      "could read the wallets and their history, and, when you give a wallet's password, its keys.",
      "could sign with those keys, and show you an address that is another's, or a payment that is none.",
    ],
    servedBy: {
      bitcoind: {
        learns: (door) => (isRpc(door) ? addresses(door) : []),
        could: (door) =>
          isRpc(door)
            ? [
                `could hide payments from ${door.client.name}, show it false ones, confirmed ones too, and not send what it sends: it believes its node and checks no work of blocks. It could not sign.`,
              ]
            : [],
      },
      joinmarketd: {
        learns: ({ client }) => [
          {
            what: `of each coinjoin of ${client.name} the offers it takes, the amount, and which inputs and outputs are its own; no key`,
            why: "The daemon speaks with the other traders in the wallet's name, and their messages are encrypted there and not before.",
          },
        ],
        could: ({ client }) => [
          `could keep ${client.name} from trading, or make its coinjoins fail, after which others know some of its coins.`,
        ],
      },
    },
    strangers: [],
  };
}

function addresses({ client, server, forwards }: Door): readonly Told[] {
  return [
    {
      what: `every address of the wallet in ${client.name} that it has shown or used, what it has, and all that comes and goes; no key`,
      why: forwards
        ? `JoinMarket keeps a watch-only wallet in its node; ${server.name} passes that on without encrypting it itself, and the node elsewhere keeps it.`
        : "JoinMarket keeps a watch-only wallet in its node and asks it about that. It stays there, on the disk.",
    },
    {
      what: `the transactions that ${client.name} sends by it, and looks at`,
      why: "It has no other way to see the chain.",
    },
  ];
}
