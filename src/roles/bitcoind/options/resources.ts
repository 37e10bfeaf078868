// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import type { NodeFacts } from "../facts.ts";

/** Four tenths of the memory while it syncs, a fifth afterwards; never less than 100 MiB, never more than 4 GiB. */
function cache({ maxmem, phase }: NodeFacts): number {
  const share = phase === "sync" ? 4 : 2;
  return Math.min(4096, Math.max(100, Math.floor((maxmem * share) / 10 / 50) * 50));
}

/** What it may take of the qube, and what it writes down. */
export const resources: OptionGroup<NodeFacts> = {
  heading: "Memory, disk and logs",
  options: [
    {
      name: "dbcache",
      what: "Memory for the coins that it checks against.",
      kind: { is: "number", min: 4, max: 16_384, unit: "MiB" },
      default: "450; since version 31 1024 where the machine has 4 GiB",
      owner: "user",
      ours: cache,
      why: ({ maxmem, phase }) =>
        `MiB; ${phase === "sync" ? "four tenths" : "a fifth"} of the ${maxmem} MiB that the qube may have. Said outright: bitcoind's own guess sees the memory of the moment, which Qubes changes.`,
      source: "bitcoind -help, -dbcache; Bitcoin Core doc/reduce-memory.md",
    },
    {
      name: "maxmempool",
      what: "Memory for transactions that wait for a block.",
      kind: { is: "number", min: 5, max: 10_000, unit: "MB" },
      default: "300",
      owner: "user",
      source: "bitcoind -help, -maxmempool",
      says: ["Error: -maxmempool must be at least 5 MB"],
    },
    {
      name: "mempoolexpiry",
      what: "How long a transaction waits before it is forgotten.",
      kind: { is: "number", min: 1, max: 8760, unit: "hours" },
      default: "336",
      owner: "user",
      source: "bitcoind -help, -mempoolexpiry",
    },
    {
      name: "persistmempool",
      what: "Keeps waiting transactions over a restart.",
      kind: { is: "flag" },
      default: "1",
      owner: "user",
      source: "bitcoind -help, -persistmempool",
    },
    {
      name: "par",
      what: "Threads that check signatures; 0 for one a processor.",
      kind: { is: "number", min: 1, max: 15, unit: "threads", also: [0] },
      default: "0",
      owner: "user",
      source: "bitcoind -help, -par: more than 15 are clamped in silence",
    },
    {
      name: "assumevalid",
      what: "A block whose ancestors' signatures are taken for checked; 0 checks all of them, which takes far longer.",
      kind: {
        is: "text",
        pattern: /^(?:0|[0-9a-f]{64})$/,
        what: "0 or a block hash of 64 hexadecimal digits, in quotes",
      },
      default: "a block that the release names",
      owner: "guarded",
      refused: "a wrong hash makes the node believe whoever gave it",
      source: "bitcoind -help, -assumevalid: anything else is read as 0 in silence",
    },
    {
      name: "nodebuglogfile",
      what: "No log in the data folder.",
      kind: { is: "flag" },
      default: "0",
      owner: "guarded",
      ours: () => true,
      why: "The log goes to this qube's journal, which is gone at shutdown: a log of peers and times is nothing to keep.",
      source: "bitcoind -help, -debuglogfile",
    },
    {
      name: "printtoconsole",
      what: "Sends the log to the journal.",
      kind: { is: "flag" },
      default: "1 where it does not go to the background",
      owner: "user",
      ours: () => true,
      why: "Sends the log to the journal: journalctl -u shows it.",
      source: "bitcoind -help, -printtoconsole",
    },
    {
      name: "logips",
      what: "Writes the addresses of peers into the log.",
      kind: { is: "flag" },
      default: "0",
      owner: "guarded",
      refused: "a log of peers is nothing to keep",
      source: "bitcoind -help, -logips",
    },
    {
      name: "debug",
      what: "Writes more into the log, by subject.",
      kind: {
        is: "list",
        pattern:
          /^(?:net|tor|mempool|http|bench|zmq|walletdb|rpc|estimatefee|addrman|selectcoins|reindex|cmpctblock|rand|prune|proxy|mempoolrej|libevent|coindb|qt|leveldb|validation|i2p|blockstorage)$/,
        what: "a subject that bitcoind knows, such as net, tor or rpc",
      },
      default: "none",
      owner: "guarded",
      refused: "rpc and net write who asks for what, and which peers there are",
      source: "bitcoind -help, -debug; src/logging.cpp: fatal since 26 if unknown, passed over before",
    },
  ],
};
