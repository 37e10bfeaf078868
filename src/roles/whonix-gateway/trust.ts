// SPDX-License-Identifier: GPL-3.0-or-later
import type { Seen, Trust } from "../../model/trust.ts";

/** What a gateway is trusted with, and what it learns (Whonix documentation; whonix-gateway-firewall). */
export function gatewayTrust(gateway: Seen): Trust {
  const torrc = gateway.text(/\/torrc\.d\/[^/]+\.conf$/) ?? "";
  const services = [...torrc.matchAll(/^HiddenServiceDir \S*\/([^/\s]+)$/gm)].map(([, name = ""]) => name);
  const named = services.join(", ");
  return {
    with: [
      "Anonymity: of the qubes behind it nobody outside learns where they are, as long as it sends what is theirs through Tor alone.",
      "That it runs: the qubes behind it reach nothing without it.",
      ...(services.length > 0
        ? [
            `The keys of the onion services ${named}: whoever has them answers in their names, and without them the addresses are lost.`,
          ]
        : []),
    ],
    ...(services.length > 0 && {
      keeps: { kind: "keys" as const, what: `the keys of the onion services ${named}` },
    }),
    learns:
      services.length > 0
        ? [
            {
              what: `what is said over the onion services ${named}, and when`,
              from: "whoever uses them",
              why: "They end in its tor, and with them Tor's encryption. It does not learn where the callers are.",
            },
          ]
        : [],
    ifTaken: [
      "could send what it likes past Tor, for its net qube lets through whatever it sends, and so show where this machine is, and what the qubes behind it dial.",
      "could read and change what they send and receive, where their programs do not encrypt it themselves.",
      "could choose the relays of all circuits, and keep a log of them.",
      ...(services.length > 0 ? [`could take the keys of ${named}, and answer in their names elsewhere.`] : []),
    ],
    allows: ({ client, server }) => {
      const grater = server.text(/\/onion-grater-merger\.d\/[^/]+\.yml$/) ?? "";
      const published = [...new Set([...grater.matchAll(/\{client-address\}:([0-9]+)/g)].map(([, port]) => port))];
      return [
        `could reach all that Tor reaches through ${server.name}, hosts beyond its exits too, and tell it what it knows: it would be heard, and not seen from where. A port for onion services alone does not hold a whole qube to them.`,
        ...(published.length > 0
          ? [
              `could have the tor of ${server.name} publish an onion service that ends at port ${published.join(" or ")} of ${client.name}.`,
            ]
          : []),
      ];
    },
    strangers: [
      {
        who: "your network, your provider and the first relays of Tor",
        what: "that this machine uses Tor, when and how much; bridges that you set hide it from those who do not know them",
        why: "Tor hides whom it talks to, not that it is Tor.",
      },
    ],
  };
}
