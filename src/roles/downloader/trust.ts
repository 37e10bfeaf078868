// SPDX-License-Identifier: GPL-3.0-or-later
import type { Trust } from "../../model/trust.ts";

/** What a downloader is trusted with, and what it learns. */
export function downloaderTrust(): Trust {
  return {
    with: [
      "Nothing, for the programs of this system: the qube that will run one checks it by itself. What else you copy from it, you must check.",
    ],
    learns: [
      {
        what: "which programs in which versions the other qubes are given, and when",
        from: "you",
        why: "It has the list of what they ask for.",
      },
    ],
    ifTaken: [
      "could bring other files than were asked for; a qube takes a program only by the digest or the signatures in its own recipe.",
      "could put something of its own into any other file that you copy from it.",
    ],
    servedBy: {
      "whonix-gateway": {
        learns: ({ client }) => [
          {
            what: `from which hosts ${client.name} downloads, and when`,
            why: "Its tor makes the connections; what goes over HTTPS is encrypted besides.",
          },
        ],
        could: ({ client }) => [`could keep ${client.name} from downloading, or slow it down.`],
      },
    },
    strangers: [
      {
        who: "publishers of the programs, and Tor exits",
        what: "that somebody behind Tor fetches a version of a program; an exit sees the host, and what is not over HTTPS",
        why: "Programs lie on hosts that are no onion services.",
      },
    ],
  };
}
