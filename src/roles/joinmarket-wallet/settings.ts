// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Section } from "../../model/setting.ts";
import { CONTROL_PORT, GATEWAY_ADDRESS } from "../../whonix/gateway.ts";
import { gatewayPorts } from "../../whonix/onion-port.ts";
import { COOKIE, linkTo, ownOf, watchWallet } from "./own.ts";

/** A section of joinmarket.cfg: its heading is its name. */
interface NamedSection extends Section {
  readonly why: string;
}

const defaults = "JoinMarket src/jmclient/configure.py, defaultconfig";
const [controlHost = "", controlPort = ""] = CONTROL_PORT.split(":");

/** The directories of the messages over onion services, those of version 0.9.12 (src/jmclient/configure.py). */
const DIRECTORIES = [
  "satoshi2vcg5e2ept7tjkzlkpomkobqmgtsjzegg6wipnoajadissead",
  "jmarketxf5wc4aldf3slm5u6726zsky52bqnfv6qyxe5hnafgly6yuyd",
  "coinjointovy3eq5fjygdwpkbcdx63d7vd4g32mw7y553uj3kjjzkiqd",
  "nakamotourflxwjnjpnrk7yc2nhkf6r62ed4gdfxmmn5f4saw5q5qoyd",
  "odpwaf67rs5226uabcamvypg3y4bngzmfk7255flcdodesqhsvkptaid",
];

/** joinmarket.cfg of one wallet, in reading order. JoinMarket passes over a key that it does not know, so every key here is of the version. */
export function settings(qube: Qube): NamedSection[] {
  return [daemon(qube), chain(qube), onion(qube), irc(qube), policy, payjoin(qube), snicker(qube)];
}

function daemon(qube: Qube): NamedSection {
  const link = linkTo(qube, "daemon");
  return {
    heading: "DAEMON",
    why: `The daemon is in ${link.server.name}, over qrexec.`,
    settings: [
      { key: "no_daemon", value: 0, why: "No daemon in this qube, which has no network.", source: defaults },
      {
        key: "daemon_port",
        value: link.local,
        why: `This end of the link to ${link.server.name}. PayJoin is looked for 2000 below, SNICKER 1000 below.`,
        source: "JoinMarket scripts/joinmarketd.py",
      },
      { key: "daemon_host", value: "127.0.0.1", why: "The link listens on this qube's loopback.", source: defaults },
      { key: "use_ssl", value: "false", why: "qrexec is no network; any other text would mean yes.", source: defaults },
    ],
  };
}

function chain(qube: Qube): NamedSection {
  const { server, local } = linkTo(qube, "rpc");
  return {
    heading: "BLOCKCHAIN",
    why: `The node is ${server.name}; this wallet asks it itself, for the daemon knows no node.`,
    settings: [
      {
        key: "blockchain_source",
        value: "bitcoin-rpc",
        why: "Bitcoin Core, with a wallet in it that watches the addresses of this one.",
        source: defaults,
      },
      { key: "network", value: "mainnet", why: `The chain of ${server.name}.`, source: defaults },
      { key: "rpc_host", value: "127.0.0.1", why: "The link listens on this qube's loopback.", source: defaults },
      { key: "rpc_port", value: local, why: `This end of the link to the RPC of ${server.name}.`, source: defaults },
      {
        key: "rpc_cookie_file",
        value: COOKIE,
        why: "Name and password in a file of their own, so that this one holds no secret. It counts before rpc_user and rpc_password.",
        source: "JoinMarket src/jmclient/configure.py, _get_bitcoin_rpc_credentials",
      },
      {
        key: "rpc_wallet_file",
        value: watchWallet(qube),
        why: `The watch-only wallet in ${server.name}, made by hand once (see the runbook). The node learns this wallet's addresses and balance, never its keys.`,
        source: "JoinMarket docs/USAGE.md",
      },
    ],
  };
}

function onion(qube: Qube): NamedSection {
  const { server } = linkTo(qube, "daemon");
  const there = `As seen from ${server.name}, whose daemon dials it`;
  return {
    heading: "MESSAGING:onion",
    why: `Messages over onion services. The wallet hands these addresses to the daemon, so they are those of ${server.name}. No key may be missing here.`,
    settings: [
      { key: "type", value: "onion", why: "What makes this section the one for onion services.", source: defaults },
      {
        key: "socks5_host",
        value: GATEWAY_ADDRESS,
        why: `${there}: its gateway. This qube has none.`,
        source: "Whonix/whonix-firewall, WORKSTATION_DEST_SOCKSIFIED",
      },
      {
        key: "socks5_port",
        value: socks(qube).onion,
        why: socks(qube).onionOnly
          ? "The gateway's port for onion services only."
          : "A stock port of the gateway, as the topology chose (socks): it isolates by destination and takes any.",
        source: "the gateway's torrc in this tree",
      },
      {
        key: "tor_control_host",
        value: controlHost,
        why: "A taker never uses it, yet JoinMarket ends without the key.",
        source: "JoinMarket src/jmclient/configure.py, get_mchannels",
      },
      { key: "tor_control_port", value: controlPort, why: "The same.", source: defaults },
      {
        key: "onion_serving_host",
        value: "127.0.0.1",
        why: "Where a maker would be served. A taker serves nobody; the loopback lets nobody in.",
        source: defaults,
      },
      { key: "onion_serving_port", value: 8080, why: "The same.", source: defaults },
      {
        key: "hidden_service_dir",
        value: "",
        why: "Must stay empty: anything else would let JoinMarket start a Tor of its own, Tor over Tor.",
        source: "JoinMarket src/jmdaemon/onionmc.py",
      },
      {
        key: "directory_nodes",
        value: DIRECTORIES.map((one) => `${one}.onion:5222`).join(","),
        why: "Where traders find each other: the list of this version.",
        source: defaults,
      },
      { key: "regtest_count", value: "0,0", why: "For developers; the key must be there.", source: defaults },
    ],
  };
}

function irc(qube: Qube): NamedSection {
  return {
    heading: "MESSAGING:hackint",
    why: "A second way for messages, in case the directories are down: IRC, over its onion service only.",
    settings: [
      { key: "channel", value: "joinmarket-pit", why: "The room of all traders.", source: defaults },
      {
        key: "host",
        value: "ncwkrwxpq2ikcngxq3dy2xctuheniggtqeibvgofixpzvrwpa77tozqd.onion",
        why: "hackint's onion service; its address in the clear net is not used.",
        source: defaults,
      },
      { key: "port", value: 6667, why: "The port of that service.", source: defaults },
      { key: "usessl", value: "false", why: "An onion service is encrypted already.", source: defaults },
      { key: "socks5", value: "true", why: "Through Tor.", source: defaults },
      {
        key: "socks5_host",
        value: GATEWAY_ADDRESS,
        why: "As above: the daemon dials it.",
        source: "Whonix/whonix-firewall, WORKSTATION_DEST_SOCKSIFIED",
      },
      {
        key: "socks5_port",
        value: socks(qube).onion,
        why: "The same port; IRC and directories share no circuit there.",
        source: "tor(1), IsolateDestAddr",
      },
    ],
  };
}

const policy: NamedSection = {
  heading: "POLICY",
  why: "How it trades.",
  settings: [
    {
      key: "tx_broadcast",
      value: "random-peer",
      why: "Another trader sends the transaction where one will, so that it is not your node that knew it first.",
      source: defaults,
    },
    {
      key: "minimum_makers",
      value: 4,
      why: "With fewer that answer, it starts over: the fewer, the less is hidden.",
      source: defaults,
    },
    {
      key: "max_sats_freeze_reuse",
      value: -1,
      why: "Coins sent to an address that was used before are frozen, whatever their worth: somebody may be marking you.",
      source: defaults,
    },
    {
      key: "absurd_fee_per_kb",
      value: 350000,
      why: "Satoshi for a thousand vbytes; a dearer fee is refused as a mistake.",
      source: defaults,
    },
    {
      key: "commitment_list_location",
      value: ".",
      why: "A list that makers keep; a taker writes nothing. The daemon is in another qube, where a path of this one would mean nothing.",
      source: "JoinMarket src/jmdaemon/daemon_protocol.py, maker_only",
    },
  ],
};

function payjoin(qube: Qube): NamedSection {
  return {
    heading: "PAYJOIN",
    why: "Used only by a wallet with payjoin: true in the topology; for every other the port that it needs is closed.",
    settings: [
      {
        key: "onion_socks5_host",
        value: GATEWAY_ADDRESS,
        why: "As above: the daemon dials it, not this qube.",
        source: "Whonix/whonix-firewall, WORKSTATION_DEST_SOCKSIFIED",
      },
      {
        key: "onion_socks5_port",
        value: socks(qube).onion,
        why: socks(qube).onionOnly
          ? "Pays to onion services only."
          : "A stock port of the gateway, which would also pay to others than onion services.",
        source: "the gateway's torrc in this tree",
      },
    ],
  };
}

function snicker(qube: Qube): NamedSection {
  return {
    heading: "SNICKER",
    why: "Coinjoins proposed by others without a meeting.",
    settings: [
      {
        key: "enabled",
        value: ownOf(qube).snicker ? "true" : "false",
        why: ownOf(qube).snicker
          ? "Chosen in the topology (snicker)."
          : "Off; it is hardly tried, and asks servers on a schedule.",
        source: defaults,
      },
    ],
  };
}

/** The SocksPorts that the wallet's daemon dials: those of the gateway of its qube. */
function socks(qube: Qube) {
  return gatewayPorts(linkTo(qube, "daemon").server);
}
