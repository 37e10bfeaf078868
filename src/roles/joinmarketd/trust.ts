// SPDX-License-Identifier: GPL-3.0-or-later
import type { Door, Trust } from "../../model/trust.ts";

/** What JoinMarket's daemon is trusted with, and what it learns (JoinMarket docs/PROTOCOL.md; src/jmdaemon/daemon_protocol.py). */
export function daemonTrust(): Trust {
  return {
    with: [
      "Anonymity: it sees both sides of each coinjoin, which is all that a coinjoin hides.",
      "No key and no coin: the wallet signs, and looks first at what it signs.",
    ],
    learns: [
      {
        what: "the offers of all traders, and of those whom the wallet trades with their inputs and addresses",
        from: "other traders",
        why: "It encrypts and decrypts the messages between them and the wallet.",
      },
    ],
    ifTaken: [
      "could tie the coins that go into a coinjoin to those that come out, and tell others.",
      "could offer the wallet none but traders of its own: a coinjoin with them hides nothing.",
    ],
    servedBy: {
      "whonix-gateway": {
        learns: ({ client }) => [
          {
            what: `when ${client.name} trades, and which directories and traders it talks to`,
            why: "Its tor makes the connections and ends their encryption; what concerns one trade is encrypted by JoinMarket besides.",
          },
        ],
        could: ({ client }) => [`could keep ${client.name} from trading.`],
      },
    },
    allows: daemonAllows,
    strangers: [
      {
        who: "directories and other traders",
        what: "that somebody behind Tor takes part, and when",
        why: "They carry the messages. They do not learn from where.",
      },
      {
        who: "traders who took part in a coinjoin",
        what: "the whole transaction and which part is their own: all of them together know yours",
        why: "That is how a coinjoin is made.",
      },
    ],
  };
}

/**
 * What a client could do with the ports of a daemon: they ask for no password, and a wallet says with each session where its daemon shall connect
 * (src/jmclient/client_protocol.py, JMSetup).
 */
export function daemonAllows({ server, forwards }: Door): readonly string[] {
  const there = forwards ? `the daemon for which ${server.name} stands` : server.name;
  return [
    `could trade by ${there} with whomever it likes.`,
    `could have ${there} dial where it says, through Tor, and by that send out what it knows, keys included, although it has no net qube itself: a wallet tells its daemon whom to talk to.`,
  ];
}
