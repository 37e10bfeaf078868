// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Qube } from "../../model/model.ts";
import type { Section } from "../../model/setting.ts";
import { COOKIE, DATABASE, ELECTRUM_PORT } from "./own.ts";

const example = "Fulcrum doc/fulcrum-example-config.conf";

/** fulcrum.conf of one server, in reading order. Fulcrum passes over a key that it does not know, so every key here is of the version. */
export function settings(qube: Qube): Section[] {
  return [node(qube), clients, resources(qube)];
}

function node(qube: Qube): Section {
  const rpc = qube.uses.find((link) => link.service === "rpc") as Link;
  return {
    heading: `The node: ${rpc.server.name}, over qrexec`,
    settings: [
      {
        key: "bitcoind",
        value: `127.0.0.1:${rpc.local}`,
        why: `This end of the link to the RPC of ${rpc.server.name}. Where the node says it publishes new blocks, the other link listens here on the same port.`,
        source: `${example}; Fulcrum src/BitcoinD.cpp, getzmqnotifications`,
      },
      {
        key: "rpccookie",
        value: COOKIE,
        why: "Name and password for the node's RPC, in a file of their own so that this one holds no secret.",
        source: example,
      },
      {
        key: "bitcoind_clients",
        value: 3,
        why: "Connections to the node; each is a qrexec call that stays open. More would not sync faster.",
        source: example,
      },
      {
        key: "bitcoind_timeout",
        value: 600,
        why: "Seconds. During the first sync an answer over qrexec may take minutes; a shorter patience would start the block over.",
        source: "Fulcrum src/Options.h, bdTimeoutMax",
      },
    ],
  };
}

const clients: Section = {
  heading: "Wallets: this qube's loopback only; qrexec delivers their connections there, as the policy in dom0 allows",
  settings: [
    {
      key: "tcp",
      value: `127.0.0.1:${ELECTRUM_PORT}`,
      why: "Said outright: left out, Fulcrum would listen on every address. Plain TCP, since qrexec is no network.",
      source: `${example}, DEFAULT: 0.0.0.0:50001`,
    },
    {
      key: "peering",
      value: "false",
      why: "Talks to no other server; by default it would look for them.",
      source: example,
    },
    {
      key: "announce",
      value: "false",
      why: "Tells nobody that it exists.",
      source: example,
    },
    {
      key: "anon_logs",
      value: "true",
      why: "No addresses and transactions in the log: they are somebody's, yours.",
      source: example,
    },
    {
      key: "ts_format",
      value: "none",
      why: "The journal has its own times; a second one would show this machine's time zone.",
      source: example,
    },
  ],
};

function resources(qube: Qube): Section {
  const maxmem = qube.vm.maxmem.value;
  return {
    heading: "Disk and memory",
    settings: [
      {
        key: "datadir",
        value: DATABASE,
        why: "The index, on the private volume. It can be made again from the chain, in days.",
        source: example,
      },
      {
        key: "db_mem",
        value: Math.min(2048, Math.max(50, Math.floor(maxmem / 4 / 10) * 10)),
        why: `MiB; a quarter of the ${maxmem} MiB that the qube may have. Said outright: Fulcrum's own guess sees the memory of the moment, which Qubes changes. The old fast-sync is gone: version 2 refuses to start with it.`,
        source: "Fulcrum 2.0 release notes; src/App.cpp, db_mem",
      },
      {
        key: "db_max_open_files",
        value: 1000,
        why: "Files of the database that may be open; the unit allows eight times as many.",
        source: "Fulcrum src/App.cpp, db_max_open_files",
      },
    ],
  };
}
