// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { atGateway } from "../../../whonix/onion-port.ts";
import type { NodeFacts } from "../facts.ts";
import { closed, follows } from "./kind.ts";

const onlyOnions = ({ tor }: NodeFacts) => tor === "onion-only";

/** How the node reaches others: through its gateway's tor, whatever happens. */
export const tor: OptionGroup<NodeFacts> = {
  heading: "Tor",
  options: [
    follows("onlynet", "the node's key `tor`", {
      what: "Which networks it makes connections to.",
      ours: (facts) => (onlyOnions(facts) ? "onion" : undefined),
      why: "Peers only over onion services: no exit relay ever sees this node's traffic, and no clearnet address is ever dialled.",
      source: "Bitcoin Core doc/tor.md",
      says: [
        "Error: Outbound connections restricted to Tor (-onlynet=onion) but the proxy for reaching the Tor network is not provided: none of -proxy, -onion or -listenonion is given",
        "Error: Outbound connections restricted to Tor (-onlynet=onion) but the proxy for reaching the Tor network is explicitly forbidden: -onion=0",
        "Error: Outbound connections restricted to i2p (-onlynet=i2p) but -i2psam is not provided",
        "Error: Outbound connections restricted to CJDNS (-onlynet=cjdns) but -cjdnsreachable is not provided",
        "Error: Unknown network specified in -onlynet: 'foo'",
      ],
    }),
    follows("onion", "the gateway's key `socks`", {
      what: "The SOCKS proxy for onion services.",
      ours: ({ proxies }) => atGateway(proxies.onion),
      why: ({ proxies }) =>
        `${proxies.onionOnly ? "The gateway's onion-only SocksPort." : "A stock SocksPort of the gateway that isolates by destination, as the topology chose (socks)."} Set outright: without it bitcoind would ask the control port and take the shared port it is told of.`,
      source: "Bitcoin Core src/torcontrol.cpp, GETINFO net/listeners/socks",
    }),
    follows("proxy", "the node's key `tor`", {
      what: "The SOCKS proxy for everything else.",
      ours: (facts) => atGateway(onlyOnions(facts) ? facts.proxies.onion : facts.proxies.any),
      why: (facts) =>
        onlyOnions(facts)
          ? facts.proxies.onionOnly
            ? "The same port for everything else, as a net below the net: tor refuses there whatever is not an onion service."
            : "The same port for everything else; onlynet keeps the node to onion services, this port would not."
          : "Peers that have no onion service, through Tor exits, on a stock SocksPort that isolates by destination.",
      source: "bitcoind -help, -proxy; tor(1), OnionTrafficOnly; Whonix/anon-gw-anonymizer-config, SocksPort 9180",
      says: [
        "Error: Invalid -proxy address or hostname: '<qubes_gateway>:9111'",
        "Error: Invalid port specified in -proxy: '1.2.3.4:99999'",
        "Error: Unrecognized network in -proxy='127.0.0.1:9050=foo': 'foo'",
      ],
    }),
    {
      name: "proxyrandomize",
      what: "New SOCKS credentials for each connection, hence a circuit for each peer.",
      kind: { is: "flag" },
      default: "1",
      owner: "guarded",
      ours: () => true,
      why: "New SOCKS credentials for each connection, so that tor gives each peer a circuit of its own.",
      source: "bitcoind -help, -proxyrandomize; tor(1), IsolateSOCKSAuth",
    },
    follows("dns", "the node's key `tor`", {
      what: "Whether names are looked up.",
      ours: (facts) => !onlyOnions(facts),
      why: (facts) =>
        onlyOnions(facts)
          ? "No names are looked up: onion addresses need none."
          : "Names are resolved by tor, at the far end of the proxy.",
      source: "bitcoind -help, -dns; Bitcoin Core src/net.cpp, HaveNameProxy",
    }),
    follows("dnsseed", "the node's key `tor`", {
      what: "Whether DNS seeds are asked for peers.",
      ours: (facts) => !onlyOnions(facts),
      why: (facts) =>
        onlyOnions(facts)
          ? "No DNS seeds, which are clearnet servers."
          : "First peers from DNS seeds, each asked through the proxy as a peer, never by DNS.",
      source: "bitcoind -help, -dnsseed; Bitcoin Core src/net.cpp, ThreadDNSAddressSeed",
      says: [
        "Error: Incompatible options: -dnsseed=1 was explicitly specified, but -onlynet forbids connections to IPv4/IPv6",
      ],
    }),
    follows("fixedseeds", "nothing: without it an onion-only node finds nobody", {
      what: "Whether the built-in list of peers is used.",
      ours: () => true,
      why: (facts) =>
        onlyOnions(facts)
          ? "The first peers come from the list of onion addresses that is built into bitcoind; nothing else could give them."
          : "The first peers come from the list that is built into bitcoind, onion addresses among them.",
      source: "bitcoind -help, -fixedseeds",
    }),
    follows("discover", "nothing: the node has no address that peers may know but an onion service", {
      what: "Whether it looks for addresses of its own to tell peers.",
      ours: () => false,
      why: "Never tells peers an address of this qube.",
      source: "bitcoind -help, -discover",
    }),
    closed("natpmp", "it would ask a router for an open port, on the clear net", {
      ours: () => false,
      why: "Never asks a router to open a port; the default is on since version 30.",
      source: "Bitcoin Core 30.0 release notes, -natpmp",
    }),
    closed("upnp", "it would ask a router for an open port, on the clear net", { until: "30" }),
    closed("forcednsseed", "DNS seeds are clearnet servers", {
      says: ["Error: Cannot set -forcednsseed to true when setting -dnsseed to false."],
    }),
    closed("i2psam", "this tree makes no I2P qube"),
    closed("cjdnsreachable", "this tree makes no CJDNS qube"),
    closed("torpassword", "a secret does not belong in a topology, and Whonix' control port asks for none"),
    closed("asmap", "it sorts clearnet addresses, of which this node knows none"),
  ],
};
