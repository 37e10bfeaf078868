// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model, Qube } from "../../../model/model.ts";
import { atLeast } from "../../../software/program.ts";
import { chain } from "../chains.ts";
import { nodeFacts } from "../facts.ts";
import { isNode, linksTo, ownOf, wanted } from "../own.ts";
import { keptBlocks } from "../room.ts";

const prunedIndex = message("QB510", {
  severity: "error",
  title: "a pruned node has no index of all transactions",
  say: (who: string) => `this node is pruned, and ${who} needs its index of all transactions`,
  why: "An Electrum server looks up any transaction of the chain; a pruned node has thrown most blocks away.",
  fix: "Remove prune, or name another node.",
  source: "Bitcoin Core src/init.cpp; Fulcrum README, requirements",
  says: [
    "bitcoind: Error: Prune mode is incompatible with -txindex.",
    "Fulcrum on a node without txindex keeps running and logs: Error: txindex verification failed!  Please ensure that your BitcoinD node has txindex enabled (-txindex=1)",
  ],
});

const indexWanted = message("QB511", {
  severity: "error",
  title: "a client needs an index that the node's settings switch off",
  say: (client: string) => `${client} needs txindex on this node`,
  why: "An Electrum server looks up any transaction of the chain.",
  fix: "Remove txindex from the settings: it is on where a client needs it.",
  source: "Fulcrum README, requirements",
  says: [
    "Fulcrum: Error: txindex verification failed!  Please ensure that your BitcoinD node has txindex enabled (-txindex=1)",
  ],
});

const needsOther = message("QB512", {
  severity: "error",
  title: "a setting needs another, or excludes it",
  say: (what: string) => what,
  why: "bitcoind stops at start.",
  fix: "Change one of the two.",
  source: "Bitcoin Core src/init.cpp",
  says: [
    "Error: Cannot set -peerblockfilters without -blockfilterindex.",
    "Error: Prune mode is incompatible with -coinstatsindex. (before version 24)",
    "Error: Private broadcast of own transactions requested (-privatebroadcast), but -connect is also configured.",
  ],
});

const tooFewThreads = message("QB513", {
  severity: "error",
  title: "a node has fewer RPC threads than its clients keep connections",
  say: (threads: number, connections: number) =>
    `${threads} RPC threads are too few: clients and bitcoin-cli keep up to ${connections} connections`,
  why: "A connection without a thread waits until another ends, which an Electrum server's never do: it takes the node for dead.",
  fix: (_threads, connections) => `Write at least ${connections}, or leave rpcthreads out.`,
  source: "Bitcoin Core src/httpserver.cpp, -rpcthreads",
});

const noSuchChain = message("QB514", {
  severity: "error",
  title: "the node's version does not know the chain",
  say: (name: string, version: string) => `Bitcoin Core ${version} does not know the chain ${name}`,
  why: "It would not start.",
  fix: (name) => `Choose version ${chain(name as "testnet4").since} or later, or another chain.`,
  source: "Bitcoin Core 28.0 release notes",
  says: ["Unknown chain testnet4."],
});

const testnet3 = message("QB593", {
  severity: "warning",
  title: "the chain is on its way out",
  say: () => "support for testnet3 (chain: test) will be removed from Bitcoin Core",
  why: "A later version of the node will not know the chain, and its 260 GB are then of no use.",
  fix: "Write chain: testnet4, or signet.",
  source: "Bitcoin Core 31.1 src/init.cpp",
  says: [
    "Warning: Support for testnet3 is deprecated and will be removed in an upcoming release. Consider switching to testnet4.",
  ],
});

const tooMuchMemory = message("QB515", {
  severity: "error",
  title: "a node's caches do not fit into its memory",
  say: (sum: number, maxmem: number) =>
    `dbcache, maxmempool and what bitcoind needs besides come to ${sum} MiB; the qube has ${maxmem} MiB at most`,
  why: "bitcoind takes what it is told to take, without a word; the kernel then kills it in the middle of the sync, and it checks everything again.",
  fix: "Lower dbcache, or raise vm.maxmem.",
  source: "Bitcoin Core doc/reduce-memory.md",
});

const prunedHistory = message("QB516", {
  severity: "warning",
  title: "a pruned node cannot look for a restored wallet's history",
  say: (client: string) => `${client} keeps a watch-only wallet in this pruned node`,
  why: "A wallet that is restored from its seed looks empty until the node has gone through the blocks of its life; a pruned node has thrown them away and must download the chain again.",
  fix: "Leave prune out, or restore no old wallet there.",
  source: "Bitcoin Core src/wallet/rpc/transactions.cpp, rescanblockchain",
  says: ["Can't rescan beyond pruned data. Use RPC call getblockchaininfo to determine your pruned height."],
});

/** bitcoind's settings agree with each other, with the qube's memory, and with what clients ask of the node. */
export function* settingsAgree(model: Model): Iterable<Finding> {
  for (const node of model.qubes.filter(isNode)) {
    const { settings, version } = node;
    const at = (name: string) => [...node.path, "settings", name];
    const kept = keptBlocks(node);
    const reader = linksTo(node, "rpc").find((link) => link.reference.wants?.includes("txindex"))?.client.name;
    if (kept !== undefined && (reader || settings["txindex"] === true))
      yield finding(prunedIndex, at("prune"), reader ?? "settings.txindex");
    if (kept !== undefined && wanted(node, "wallet"))
      yield finding(
        prunedHistory,
        at("prune"),
        linksTo(node, "rpc").find((link) => link.reference.wants?.includes("wallet"))?.client.name ?? "",
      );
    if (reader && settings["txindex"] === false) yield finding(indexWanted, at("txindex"), reader);
    if (settings["peerblockfilters"] === true && settings["blockfilterindex"] !== true)
      yield finding(needsOther, at("peerblockfilters"), "peerblockfilters needs blockfilterindex");
    if (kept !== undefined && settings["coinstatsindex"] === true && !atLeast(version, "24"))
      yield finding(needsOther, at("coinstatsindex"), `coinstatsindex excludes pruning in version ${version}`);
    if (settings["connect"] !== undefined && privateBroadcast(node))
      yield finding(
        needsOther,
        at("connect"),
        "connect excludes privatebroadcast, which is on unless it is set to false",
      );
    yield* resources(node);
    const name = ownOf(node).chain;
    const { since } = chain(name);
    if (since !== undefined && !atLeast(version, since))
      yield finding(noSuchChain, [...node.path, "chain"], name, version);
    if (name === "test" && atLeast(version, "31")) yield finding(testnet3, [...node.path, "chain"]);
  }
}

function privateBroadcast(node: Qube): boolean {
  if (!atLeast(node.version, "31")) return false;
  return node.settings["privatebroadcast"] === undefined
    ? linksTo(node, "rpc").length === 0
    : node.settings["privatebroadcast"] === true;
}

/** What bitcoind takes besides its caches while it runs, in MiB: code, block index, peers. */
const BESIDES = 300;

function* resources(node: Qube): Iterable<Finding> {
  const { settings } = node;
  const { connections } = nodeFacts(node);
  const threads = settings["rpcthreads"];
  if (typeof threads === "number" && threads < connections)
    yield finding(tooFewThreads, [...node.path, "settings", "rpcthreads"], threads, connections);
  const { dbcache = 0, maxmempool = 300 } = settings;
  if (dbcache === 0 && settings["maxmempool"] === undefined) return;
  const sum = Number(dbcache) + Number(maxmempool) + BESIDES;
  const maxmem = node.vm.maxmem.value;
  const key = dbcache === 0 ? "maxmempool" : "dbcache";
  if (sum > maxmem) yield finding(tooMuchMemory, [...node.path, "settings", key], sum, maxmem);
}
