// SPDX-License-Identifier: GPL-3.0-or-later
import type { Option, OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { ServerFacts } from "../facts.ts";
import { DATABASE } from "../own.ts";
import { EXAMPLE } from "./node.ts";

const { follows, never } = ownersFor<ServerFacts>(EXAMPLE);

/** Two fifths of the memory while the index is made, a quarter afterwards; what Fulcrum itself takes at most, and never less than it accepts. */
function cache({ maxmem, phase }: ServerFacts): number {
  return Math.min(2048, Math.max(50, Math.floor((maxmem * (phase === "sync" ? 0.4 : 0.25)) / 10) * 10));
}

/** The cache of unspent outputs of version 1, under the three names that version 2 refuses. */
const utxoCache = (name: string, since: string): Option<ServerFacts> => ({
  name,
  what: "Memory for unspent outputs during the first sync, beside db_mem; 0 for none.",
  kind: { is: "number", min: 200, max: 100_000, unit: "MB", also: [0] },
  default: "0",
  since,
  until: "2.0",
  owner: "user",
  instead: "db_mem",
  says: [
    "The UTXO cache facility has been removed, use `db_mem` instead!",
    `The conf file option \`${name}\` has been removed from Fulcrum since it is incompatible with the improved database consistency guarantees of Fulcrum.`,
  ],
  source: "Fulcrum 2.0 src/App.cpp; Fulcrum 1.8.1 src/Options.h, minUtxoCache",
});

/** What it keeps on disk and in memory. */
export const resources: OptionGroup<ServerFacts> = {
  heading: "Disk and memory",
  options: [
    follows("datadir", "nothing: the states lay out the folders", "Where the index is.", {
      ours: () => DATABASE,
      why: "The index, on the private volume. It can be made again from the chain, in days.",
    }),
    {
      name: "db_mem",
      what: "Memory for the database; Fulcrum itself takes more beside it.",
      kind: { is: "number", min: 50, max: 100_000, unit: "MiB" },
      default: "512; since version 2 a quarter of the memory, between 512 and 2048",
      since: "1.2.10",
      owner: "user",
      ours: cache,
      why: ({ maxmem, phase }) =>
        `MiB; ${phase === "sync" ? "two fifths" : "a quarter"} of the ${maxmem} MiB that the qube may have. Said outright: Fulcrum's own guess sees the memory of the moment, which Qubes changes.`,
      says: ["db_mem: bad value. Specify a value in the range [50.0, ...]"],
      source: "Fulcrum 2.0 release notes; src/App.cpp, db_mem",
    },
    utxoCache("fast-sync", "1.6.0"),
    utxoCache("utxo-cache", "1.12.0"),
    utxoCache("utxo_cache", "1.12.0"),
    {
      name: "db_max_open_files",
      what: "Files of the database that may be open at once.",
      kind: { is: "number", min: 20, max: 6000 },
      default: "1000; before version 2 40",
      since: "1.1.0",
      owner: "user",
      ours: () => 1000,
      why: "Files of the database that may be open; the unit allows eight times as many.",
      source: "Fulcrum src/App.cpp, db_max_open_files",
    },
    {
      name: "db_keep_log_file_num",
      what: "Log files that the database keeps.",
      kind: { is: "number", min: 5, max: 20_000 },
      default: "5",
      since: "1.1.0",
      owner: "user",
      source: EXAMPLE,
    },
    {
      name: "db_use_fsync",
      what: "Writes in the stricter of two ways; slower.",
      kind: { is: "flag" },
      default: "false",
      since: "1.2.12",
      owner: "user",
      source: EXAMPLE,
    },
    {
      name: "checkdb",
      what: "Checks the whole index at every start, which takes long.",
      kind: { is: "flag" },
      default: "false",
      owner: "user",
      source: EXAMPLE,
    },
    {
      name: "txhash_cache",
      what: "Memory for the hashes of transactions that wallets ask for most.",
      kind: { is: "number", min: 20, max: 2000, unit: "MB" },
      default: "128",
      since: "1.4.0",
      owner: "user",
      source: "Fulcrum src/Options.h, txHashCacheBytesMin",
    },
    {
      name: "max_reorg",
      what: "Blocks that it can undo when the chain is reorganised.",
      kind: { is: "number", min: 100, max: 500_000 },
      default: "100",
      since: "1.3.2",
      owner: "user",
      source: "Fulcrum src/Options.h, maxReorgMin",
    },
    {
      name: "workqueue",
      what: "Requests that may wait to be worked on.",
      kind: { is: "number", min: 10, max: 10_000_000 },
      default: "15000",
      owner: "user",
      says: ["workqueue: bad value. Specify an integer >= 10"],
      source: "Fulcrum src/App.cpp, workqueue",
    },
    {
      name: "worker_threads",
      what: "Threads that work on requests; 0 for one a processor. Never more than the qube has processors.",
      kind: { is: "number", min: 1, max: 256, also: [0] },
      default: "0",
      owner: "user",
      says: ["worker_threads: Specified value of 999 exceeds the detected number of virtual processors of 2"],
      source: "Fulcrum src/App.cpp, worker_threads",
    },
    {
      name: "simdjson",
      what: "Reads the node's answers with the faster of two parsers.",
      kind: { is: "flag" },
      default: "true",
      since: "1.2.12",
      owner: "user",
      source: EXAMPLE,
    },
    never("pidfile", "systemd knows the process that it started", { since: "1.9.1" }),
    never("upnp", "this qube has no network, and no router shall open anything", { since: "1.12.0" }),
    ...["rpa", "rpa_max_history", "rpa_history_block_limit", "rpa_history_blocks", "rpa_prefix_bits_min"].map((name) =>
      never(name, "an index for payments of Bitcoin Cash; Bitcoin has none", { since: "1.10.0" }),
    ),
    ...["rpa_start_height", "rpa_starting_height"].map((name) =>
      never(name, "an index for payments of Bitcoin Cash; Bitcoin has none", { since: "1.10.0" }),
    ),
  ],
};
