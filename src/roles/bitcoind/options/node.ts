// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import type { NodeFacts } from "../facts.ts";
import { OWN_CONF } from "../own.ts";
import { rpcauthFile } from "../rpc-access.ts";
import { closed, follows } from "./kind.ts";

/** What counts before any section: which chain this is, and which files are read besides. */
export const files: OptionGroup<NodeFacts> = {
  heading: "The chain, and the files that bitcoind reads after this one",
  options: [
    follows("chain", "the node's key `chain`", {
      what: "The block chain.",
      ours: ({ chain }) => chain,
      why: "The block chain. Said outright, so that no other setting can choose another by accident.",
      source: "bitcoind -help, -chain",
      says: [
        "Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain. Can use at most one.",
        "Unknown chain foo.",
      ],
    }),
    follows("includeconf", "the file bitcoin.conf.local in the qube", {
      what: "More files of settings.",
      ours: ({ clients }) => [...clients.map(({ name }) => rpcauthFile(name)), OWN_CONF],
      why: (_facts, file) =>
        file !== OWN_CONF
          ? "A client's user with the hash of its password, which comes from dom0's pillar. A file for each client that has a list below: one that the topology no longer has is not read, whatever is left of it."
          : "Your own file, made once, empty, and never touched or seen by the states. It adds: of a setting with one value the one written here counts, as the first in the section of the chain. But its lines join settings that are lists, onlynet and since version 30 proxy among them, and one such as noonlynet=1 empties a list. What you write there, nobody checks.",
      source: "bitcoind -help, -includeconf, -rpcauth; Bitcoin Core src/common/config.cpp, src/common/settings.cpp",
      says: ["Error reading configuration file: Failed to include configuration file nope.conf"],
    }),
  ],
};

/** What the node keeps. */
export const node: OptionGroup<NodeFacts> = {
  heading: "What this node is",
  options: [
    follows("server", "nothing: it always answers RPC", {
      what: "Whether it answers RPC.",
      ours: () => true,
      why: "Answers RPC: bitcoin-cli in this qube and clients over qrexec need it.",
      source: "bitcoind -help, -server",
    }),
    {
      name: "txindex",
      what: "Keeps an index of all transactions, which an Electrum server needs; excludes pruning.",
      kind: { is: "flag" },
      default: "0",
      owner: "user",
      ours: ({ txindex }) => txindex,
      why: ({ txindex }) =>
        txindex
          ? "An Electrum server uses this node and looks up any transaction. Costs some 70 GB, and excludes pruning."
          : "No qube here looks up transactions that are not its own. Saves some 70 GB.",
      source: "bitcoind -help, -txindex; Fulcrum README, requirements",
    },
    {
      name: "prune",
      what: "Keeps only so many MiB of blocks; the chain is checked all the same. 0 keeps all of them.",
      kind: { is: "number", min: 550, max: 10_000_000, unit: "MiB", also: [0] },
      default: "0",
      owner: "user",
      source: "bitcoind -help, -prune",
      says: [
        "Error: Prune mode is incompatible with -txindex.",
        "Error: Prune configured below the minimum of 550 MiB.  Please use a higher number.",
        "Error: Prune cannot be configured with a negative value.",
      ],
    },
    {
      name: "blockfilterindex",
      what: "Keeps compact filters of all blocks (BIP157), some 12 GB.",
      kind: { is: "flag" },
      default: "0",
      owner: "user",
      source: "bitcoind -help, -blockfilterindex",
      says: ["Error: Unknown -blockfilterindex value foo."],
    },
    {
      name: "peerblockfilters",
      what: "Serves those filters to peers; needs blockfilterindex.",
      kind: { is: "flag" },
      default: "0",
      owner: "user",
      source: "bitcoind -help, -peerblockfilters",
      says: ["Error: Cannot set -peerblockfilters without -blockfilterindex."],
    },
    {
      name: "coinstatsindex",
      what: "Keeps statistics of all coins at every height, for gettxoutsetinfo.",
      kind: { is: "flag" },
      default: "0",
      owner: "user",
      source: "bitcoind -help, -coinstatsindex",
      says: ["Error: Prune mode is incompatible with -coinstatsindex."],
    },
    follows("disablewallet", "a client that keeps a wallet in the node (a joinmarket-wallet)", {
      what: "Whether the node has wallets.",
      ours: ({ wallet }) => !wallet,
      why: ({ wallet }) =>
        wallet
          ? "A client keeps a watch-only wallet in this node; it holds no keys."
          : "No wallet belongs on the qube that talks to strangers all day.",
      source: "bitcoind -help, -disablewallet",
      says: ["parameter interaction: -disablewallet -> ignoring -wallet=jm"],
    }),
    follows("deprecatedrpc", "a client's `version`", {
      what: "Calls that are on their way out.",
      since: "26",
      until: "30",
      ours: ({ legacyWallet }) => (legacyWallet ? "create_bdb" : undefined),
      why: "A client's JoinMarket knows only wallets of the old kind, which this version makes only when told so; version 30 has none any more.",
      source: "Bitcoin Core 26.0 release notes, -deprecatedrpc=create_bdb",
      says: [
        "BDB wallet creation is deprecated and will be removed in a future release. In this release it can be re-enabled temporarily with the -deprecatedrpc=create_bdb setting.",
      ],
    }),
    closed("wallet", "wallets are loaded by who uses them: bitcoind passes over one that is missing with a warning", {
      says: ["Warning: Skipping -wallet path that doesn't exist. ..."],
    }),
    closed("sysperms", "others in the qube would read the node's files", {
      until: "24",
      says: ["Error: -sysperms is not allowed in combination with enabled wallet functionality"],
    }),
    closed("datadir", "the states lay out the folders"),
    closed("blocksdir", "the states lay out the folders; a larger disk is the key vm.pool", {
      says: ['Error: Specified blocks directory "/nonexistent" does not exist.'],
    }),
    closed("acceptnonstdtxn", "it would relay what no other node relays", {
      says: ["acceptnonstdtxn is not currently supported for main chain"],
    }),
    ...["signet", "testnet", "testnet4", "regtest"].map((name) =>
      follows(name, "the node's key `chain`", {
        what: "Another way to choose the chain.",
        source: `bitcoind -help, -${name}`,
        says: ["Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain. Can use at most one."],
      }),
    ),
    ...["reindex", "reindex-chainstate", "loadblock"].map((name) =>
      closed(name, "it is for one start, on the command line: in a file it would happen at each"),
    ),
    ...["conf", "pid", "settings", "allowignoredconf"].map((name) =>
      closed(name, "it is an option of the command line, and the unit has all that it needs"),
    ),
    closed("daemon", "systemd waits for the process that it started"),
    closed("startupnotify", "it runs a command of a shell; systemd is told by this one, and by no other", {
      ours: () => "systemd-notify --ready",
      why: "Tells systemd that the node answers: the unit is of type notify. This and the next are the only commands that it ever runs.",
      source: "bitcoind -help, -startupnotify; Bitcoin Core contrib/init/bitcoind.service",
    }),
    closed("shutdownnotify", "it runs a command of a shell; systemd is told by this one, and by no other", {
      since: "25",
      ours: () => "systemd-notify STOPPING=1",
      why: "Tells systemd that the node has begun to stop. STOPPING=1, for systemd-notify of Debian 12 knows no --stopping.",
      source: "bitcoind -help, -shutdownnotify",
    }),
  ],
};
