// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { CONTROL_PORT } from "../../../whonix/gateway.ts";
import type { NodeFacts } from "../facts.ts";
import { closed, follows } from "./kind.ts";

const onionPeer = /^[a-z2-7]{55}d\.onion(?::[1-9][0-9]{0,4})?$/;
const ephemeral = ({ onion }: NodeFacts) => onion?.p2p === "ephemeral";
const overQrexec = ({ onion }: NodeFacts) => onion?.p2p === "static" && onion.via !== "network";

/** Who connects to the node, and what it tells peers. */
export const peers: OptionGroup<NodeFacts> = {
  heading: "Peers",
  options: [
    follows("listen", "the node's key `onion`", {
      what: "Whether peers may connect.",
      ours: ({ onion }) => onion !== undefined,
      why: ({ onion }) =>
        onion
          ? "Accepts peers, over the onion service below only."
          : "Nobody connects to this node. Said outright: other settings would switch it on.",
      source: "bitcoind -help, -listen; Bitcoin Core src/init.cpp, parameter interaction",
      says: ["Error: Cannot set -bind or -whitebind together with -listen=0"],
    }),
    follows("bind", "the node's key `onion`", {
      what: "Where peers may connect.",
      ours: (facts) => facts.onion && `${overQrexec(facts) ? "127.0.0.1" : "0.0.0.0"}:${facts.ports.onion}=onion`,
      why: (facts) =>
        overQrexec(facts)
          ? "Where qrexec delivers what the gateway's onion service receives: the loopback, which no network reaches. =onion marks what comes in as Tor's; with it no clearnet port is opened."
          : "Where the gateway's tor delivers the onion service. The firewall lets in this port only; =onion marks what comes in as Tor's. With it no clearnet port is opened.",
      source: "bitcoind -help, -bind; Bitcoin Core src/init.cpp",
      says: [
        "Error: Cannot resolve -bind address: 'localhost'",
        "Error: Unable to bind to 10.137.0.5:18445 on this computer (bind returned error Cannot assign requested address (99))",
        "Warning: More than one onion bind address is provided. Using ... for the automatically created Tor onion service.",
      ],
    }),
    follows("listenonion", "the node's key `onion`", {
      what: "Whether it asks Tor for an onion service.",
      ours: ephemeral,
      why: (facts) =>
        ephemeral(facts)
          ? "Asks the gateway for an onion service at every start. Its key stays with tor and is thrown away, so the address changes."
          : facts.onion
            ? "The onion service lies on the gateway, with a key that stays; this node asks for none."
            : "No onion service is asked for; with listen=0 anything else stops bitcoind at start.",
      source: "Bitcoin Core doc/tor.md; src/init.cpp; Whonix/onion-grater example 40_bitcoind.yml",
      says: ["Error: Cannot set -listen=0 together with -listenonion=1"],
    }),
    follows("torcontrol", "nothing: Whonix has one place for it", {
      what: "Tor's control port.",
      ours: (facts) => (ephemeral(facts) ? CONTROL_PORT : undefined),
      why: "Whonix forwards this port to the gateway's filter, which lets through exactly the command that makes the service.",
      source: "Whonix/anon-ws-disable-stacked-tor",
      says: ["Error: Invalid port specified in -torcontrol: '127.0.0.1'"],
    }),
    follows("externalip", "onion: { p2p: static, address: … }", {
      what: "The address that peers are told.",
      ours: ({ onion, ports }) => onion?.address && `${onion.address}:${ports.p2p}`,
      why: "The address of the gateway's onion service, from the topology: peers are told of it, and of no other.",
      source: "bitcoind -help, -externalip",
      says: ["Error: Cannot resolve -externalip address: 'notonion'"],
    }),
    {
      name: "maxuploadtarget",
      what: "At most so much for peers that fetch old blocks, in a day.",
      kind: {
        is: "text",
        pattern: /^[1-9][0-9]{0,5}[kKmMgGtT]$/,
        what: "a size such as 5000M (k, m, g: decimal; K, M, G: binary)",
      },
      default: "0, no limit",
      owner: "user",
      ours: ({ onion }) => (onion ? "5000M" : undefined),
      why: "At most 5 GB a day for peers that fetch old blocks: Tor's capacity is everybody's.",
      source: "bitcoind -help, -maxuploadtarget",
      says: ["Error: Unable to parse -maxuploadtarget: '5X'"],
    },
    {
      name: "privatebroadcast",
      what: "Sends own transactions over fresh Tor connections instead of to the peers of the day.",
      kind: { is: "flag" },
      default: "0",
      since: "31",
      owner: "guarded",
      ours: ({ clients }) => clients.length === 0,
      why: ({ clients }) =>
        clients.length > 0
          ? 'Off, for wallets send through this node: on, it would keep a sent transaction out of its own mempool until a peer brings it back, and lose it at a restart. A wallet would say "sent", and let the same coins be sent again. Peers know this node by its onion service alone either way.'
          : "A transaction that is given to this node by sendrawtransaction goes out over fresh Tor connections, not to the peers of the day.",
      source: "Bitcoin Core 31.0 release notes, -privatebroadcast; src/node/types.h",
      says: [
        "Error: Private broadcast of own transactions requested (-privatebroadcast), but none of Tor or I2P networks is reachable",
        "Error: Private broadcast of own transactions requested (-privatebroadcast), but -connect is also configured.",
      ],
    },
    {
      name: "maxconnections",
      what: "How many peers at most.",
      kind: { is: "number", min: 8, max: 1000, unit: "peers" },
      default: "125",
      owner: "user",
      source: "bitcoind -help, -maxconnections",
    },
    {
      name: "addnode",
      what: "Peers that it tries to stay connected to, by onion address.",
      kind: { is: "list", pattern: onionPeer, what: "an onion address, with a port or without" },
      default: "none",
      owner: "user",
      source: "bitcoind -help, -addnode",
    },
    {
      name: "seednode",
      what: "Peers that it asks for addresses of others, by onion address.",
      kind: { is: "list", pattern: onionPeer, what: "an onion address, with a port or without" },
      default: "none",
      owner: "user",
      source: "bitcoind -help, -seednode",
    },
    {
      name: "connect",
      what: "Connects to these onion addresses and to nobody else.",
      kind: { is: "list", pattern: onionPeer, what: "an onion address, with a port or without" },
      default: "none",
      owner: "guarded",
      refused: "whoever runs these few peers shows this node what is the longest chain",
      source: "bitcoind -help, -connect",
    },
    {
      name: "v2transport",
      what: "Encrypts connections to peers (BIP324).",
      kind: { is: "flag" },
      default: "1 since 27",
      since: "26",
      owner: "user",
      source: "bitcoind -help, -v2transport",
    },
    {
      name: "timeout",
      what: "How long it waits for a connection.",
      kind: { is: "number", min: 1000, max: 600_000, unit: "ms" },
      default: "5000",
      owner: "user",
      source: "bitcoind -help, -timeout",
    },
    {
      name: "peertimeout",
      what: "How long a silent peer is kept.",
      kind: { is: "number", min: 1, max: 86_400, unit: "s" },
      default: "60",
      owner: "user",
      source: "bitcoind -help-debug, -peertimeout",
      says: ["Error: peertimeout must be a positive integer."],
    },
    {
      name: "bantime",
      what: "How long a banned peer stays banned.",
      kind: { is: "number", min: 60, max: 31_536_000, unit: "s" },
      default: "86400",
      owner: "user",
      source: "bitcoind -help, -bantime",
    },
    {
      name: "blocksonly",
      what: "Takes no transactions from peers.",
      kind: { is: "flag" },
      default: "0",
      owner: "guarded",
      refused: "the few transactions that such a node sends are then plainly its own, and fees are not estimated",
      source: "bitcoind -help, -blocksonly",
    },
    {
      name: "peerbloomfilters",
      what: "Serves filtered blocks to light wallets.",
      kind: { is: "flag" },
      default: "0",
      owner: "guarded",
      refused: "strangers could make the node work for nothing",
      source: "bitcoind -help, -peerbloomfilters",
    },
    {
      name: "uacomment",
      what: "A comment in the name that peers see.",
      kind: {
        is: "text",
        pattern: /^[A-Za-z0-9.,;_?@-]{1,60}$/,
        what: "up to 60 letters, digits and . , ; _ ? @ -",
      },
      default: "none",
      owner: "guarded",
      refused: "peers would know this node again behind every new onion address",
      source: "Bitcoin Core src/util/strencodings.cpp, SAFE_CHARS_UA_COMMENT",
      says: ["Error: User Agent comment (a/b) contains unsafe characters."],
    },
    closed("port", "the port belongs to the chain", {
      says: ["Error: Invalid port specified in -port: '70000'"],
    }),
    closed("whitebind", "it would be a listener with privileges"),
    closed("whitelist", "every peer comes from the same address here, the gateway's", {
      says: ["Error: Invalid P2P permission: 'foo'"],
    }),
  ],
};
