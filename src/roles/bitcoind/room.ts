// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained, Qube } from "../../model/model.ts";
import { CHAINS } from "./chains.ts";
import { ownOf, wanted } from "./own.ts";

type Node = Pick<Qube, "own" | "settings" | "serves">;

/** The state of the chain, which pruning keeps: GB of the main chain (Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_chain_state_size). */
const CHAIN_STATE = 14;

/** GiB that a node's chain needs today, and by how much that grows in a year. */
export function room(node: Node): { needs: number; growth: number } {
  const { size } = CHAINS[ownOf(node).chain];
  const kept = keptBlocks(node);
  if (kept !== undefined)
    return { needs: Math.min(size.chain, Math.ceil(kept / 1024) + CHAIN_STATE) + 1, growth: Math.min(size.growth, 2) };
  const index = wanted(node, "txindex") || node.settings["txindex"] === true;
  return { needs: size.chain + (index ? size.txindex : 0), growth: size.growth };
}

/** The volume of a node where the topology asks for none. */
export function volume(node: Node): Explained<string> {
  const kept = keptBlocks(node);
  const { volume: whole } = CHAINS[ownOf(node).chain];
  if (kept !== undefined && room(node).needs * 1.5 < whole)
    return {
      value: `${Math.ceil(room(node).needs * 1.5)}GiB`,
      why: `The state of the chain, the ${kept} MiB of blocks that pruning keeps, and room to grow.`,
      source: "bitcoind -help, -prune; Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_chain_state_size",
    };
  return {
    value: `${whole}GiB`,
    why:
      ownOf(node).chain === "main"
        ? "The chain: some 870 GB in 2026 with its state, 70 more with txindex, and room to grow."
        : "The chain of this test network, with room to grow.",
    source: "Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size",
  };
}

/** MiB of blocks that a pruned node keeps; nothing for one that keeps them all. */
export function keptBlocks({ settings }: Pick<Qube, "settings">): number | undefined {
  const prune = settings["prune"];
  return typeof prune === "number" && prune > 0 ? prune : undefined;
}
