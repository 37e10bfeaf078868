// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Section, Setting } from "../../model/setting.ts";
import { CONTROL_PORT } from "../../whonix/gateway.ts";
import { ONION_PROXY } from "../../whonix/onion-port.ts";
import { ownOf, PORTS, used, wanted } from "./own.ts";
import { since } from "./releases.ts";
import { rpcSettings } from "./rpc-access.ts";

/** bitcoin.conf of one node, in reading order. An unknown key would be ignored with a line in the log, so every key here is of the version. */
export function settings(qube: Qube): Section[] {
  return [general(qube), tor, peers(qube), rpcSettings(qube), ...(used(qube, "zmq") ? [zmq] : []), resources(qube)];
}

function general(qube: Qube): Section {
  const { chain } = ownOf(qube);
  const list: Setting[] = [
    {
      key: "chain",
      value: chain,
      why: "The block chain. Said outright, so that no other setting can choose another by accident.",
      source: "bitcoind -help, -chain",
    },
    {
      key: "server",
      value: 1,
      why: "Answers RPC: bitcoin-cli in this qube and clients over qrexec need it.",
      source: "bitcoind -help, -server",
    },
    {
      key: "txindex",
      value: wanted(qube, "txindex") ? 1 : 0,
      why: wanted(qube, "txindex")
        ? "An Electrum server uses this node and looks up any transaction. Costs some 70 GB, and excludes pruning."
        : "No qube here looks up transactions that are not its own. Saves some 70 GB.",
      source: "bitcoind -help, -txindex; Fulcrum README, requirements",
    },
    {
      key: "disablewallet",
      value: wanted(qube, "wallet") ? 0 : 1,
      why: wanted(qube, "wallet")
        ? "A client keeps a watch-only wallet in this node; it holds no keys."
        : "No wallet belongs on the qube that talks to strangers all day.",
      source: "bitcoind -help, -disablewallet",
    },
  ];
  return { heading: "What this node is", settings: list };
}

const tor: Section = {
  heading: "Tor",
  settings: [
    {
      key: "onlynet",
      value: "onion",
      why: "Peers only over onion services: no exit relay ever sees this node's traffic, and no clearnet address is ever dialled.",
      source: "Bitcoin Core doc/tor.md",
    },
    {
      key: "onion",
      value: ONION_PROXY,
      why: "The gateway's onion-only SocksPort. Set outright: without it bitcoind would ask the control port and take the shared port it is told of.",
      source: "Bitcoin Core src/torcontrol.cpp, GETINFO net/listeners/socks",
    },
    {
      key: "proxy",
      value: ONION_PROXY,
      why: "The same port for everything else, as a net below the net: tor refuses there whatever is not an onion service.",
      source: "bitcoind -help, -proxy; tor(1), OnionTrafficOnly",
    },
    {
      key: "proxyrandomize",
      value: 1,
      why: "New SOCKS credentials for each connection, so that tor gives each peer a circuit of its own.",
      source: "bitcoind -help, -proxyrandomize; tor(1), IsolateSOCKSAuth",
    },
    {
      key: "dns",
      value: 0,
      why: "No names are looked up: onion addresses need none.",
      source: "bitcoind -help, -dns",
    },
    {
      key: "dnsseed",
      value: 0,
      why: "No DNS seeds, which are clearnet servers.",
      source: "bitcoind -help, -dnsseed",
    },
    {
      key: "fixedseeds",
      value: 1,
      why: "The first peers come from the list of onion addresses that is built into bitcoind; nothing else could give them.",
      source: "bitcoind -help, -fixedseeds",
    },
    {
      key: "discover",
      value: 0,
      why: "Never tells peers an address of this qube.",
      source: "bitcoind -help, -discover",
    },
    {
      key: "natpmp",
      value: 0,
      why: "Never asks a router to open a port; the default is on since version 30.",
      source: "Bitcoin Core 30.0 release notes, -natpmp",
    },
  ],
};

function peers(qube: Qube): Section {
  const { onion, version } = ownOf(qube);
  const inbound: Setting[] = onion
    ? [
        {
          key: "listen",
          value: 1,
          why: "Accepts peers, over the onion service below only.",
          source: "bitcoind -help, -listen",
        },
        {
          key: "bind",
          value: `0.0.0.0:${PORTS.onion}=onion`,
          why: "Where the gateway's tor delivers the onion service. The firewall lets in this port only; =onion marks what comes in as Tor's. With it no clearnet port is opened.",
          source: "bitcoind -help, -bind; Bitcoin Core src/init.cpp",
        },
        {
          key: "listenonion",
          value: 1,
          why: "Asks the gateway for an onion service at every start. Its key stays with tor and is thrown away, so the address changes.",
          source: "Bitcoin Core doc/tor.md; Whonix/onion-grater example 40_bitcoind.yml",
        },
        {
          key: "torcontrol",
          value: CONTROL_PORT,
          why: "Whonix forwards this port to the gateway's filter, which lets through exactly the command that makes the service.",
          source: "Whonix/anon-ws-disable-stacked-tor",
        },
        {
          key: "maxuploadtarget",
          value: "5000M",
          why: "At most 5 GB a day for peers that fetch old blocks: Tor's capacity is everybody's.",
          source: "bitcoind -help, -maxuploadtarget",
        },
      ]
    : [
        {
          key: "listen",
          value: 0,
          why: "Nobody connects to this node. Said outright: other settings would switch it on.",
          source: "bitcoind -help, -listen; Bitcoin Core src/init.cpp, parameter interaction",
        },
        {
          key: "listenonion",
          value: 0,
          why: "No onion service is asked for; with listen=0 anything else stops bitcoind at start.",
          source: "Bitcoin Core src/init.cpp, Cannot set -listen=0 together with -listenonion=1",
        },
      ];
  return { heading: "Peers", settings: [...inbound, ...(since(version, 31) ? [privateBroadcast(qube)] : [])] };
}

function privateBroadcast(qube: Qube): Setting {
  const source = "Bitcoin Core 31.0 release notes, -privatebroadcast; src/node/types.h";
  return used(qube, "rpc")
    ? {
        key: "privatebroadcast",
        value: 0,
        why: 'Off, for wallets send through this node: on, it would keep a sent transaction out of its own mempool until a peer brings it back, and lose it at a restart. A wallet would say "sent", and let the same coins be sent again. Peers know this node by its onion service alone either way.',
        source,
      }
    : {
        key: "privatebroadcast",
        value: 1,
        why: "A transaction that is given to this node by sendrawtransaction goes out over fresh Tor connections, not to the peers of the day.",
        source,
      };
}

const zmq: Section = {
  heading: "ZMQ",
  settings: [
    {
      key: "zmqpubhashblock",
      value: `tcp://127.0.0.1:${PORTS.zmq}`,
      why: "Tells the Electrum server of new blocks. Without a password by design, so on the loopback only; the client dials the very address that is written here, so the port is the same at both ends.",
      source: "Bitcoin Core doc/zmq.md; Fulcrum src/BitcoinD.cpp, getzmqnotifications",
    },
  ],
};

function resources(qube: Qube): Section {
  const maxmem = qube.vm.maxmem.value;
  return {
    heading: "Memory, disk and logs",
    settings: [
      {
        key: "dbcache",
        value: Math.min(4096, Math.max(100, Math.floor((maxmem * 4) / 10 / 50) * 50)),
        why: `MiB; four tenths of the ${maxmem} MiB that the qube may have. Said outright: bitcoind's own guess sees the memory of the moment, which Qubes changes.`,
        source: "bitcoind -help, -dbcache; Bitcoin Core doc/reduce-memory.md",
      },
      {
        key: "nodebuglogfile",
        value: 1,
        why: "The log goes to this qube's journal, which is gone at shutdown: a log of peers and times is nothing to keep.",
        source: "bitcoind -help, -debuglogfile",
      },
      {
        key: "printtoconsole",
        value: 1,
        why: "Sends the log to the journal: journalctl -u shows it.",
        source: "bitcoind -help, -printtoconsole",
      },
    ],
  };
}
