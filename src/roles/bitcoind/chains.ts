// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Qube } from "../../model/model.ts";

/** One block chain of Bitcoin Core. */
interface Chain {
  /** The section of bitcoin.conf whose settings count for it (src/chainparamsbase.cpp; `-chain` takes the same word). */
  readonly section: string;
  /** Its folder below the data folder, for a node's files. */
  readonly folder: string;
  readonly ports: { readonly p2p: number; readonly onion: number; readonly rpc: number };
  /** The first version that knows it. */
  readonly since?: string;
  /** GiB of blocks and chain state, of the transaction index, and by how much they grow in a year. */
  readonly size: { readonly chain: number; readonly txindex: number; readonly growth: number };
  /** GiB of a Fulcrum's index of it, with room for its making. */
  readonly index: number;
  /** GiB of the volume that a node gets when the topology asks for none. */
  readonly volume: number;
}

/**
 * The chains, with the ports of src/chainparamsbase.cpp and src/kernel/chainparams.cpp; the onion port is the P2P port plus one. Sizes: version
 * 31's own estimates (m_assumed_blockchain_size and m_assumed_chain_state_size: 870, 264, 33 and 28 GB); growth and index sizes of the test networks are guesses on the safe side.
 */
export const CHAINS = {
  main: {
    section: "main",
    folder: "",
    ports: { p2p: 8333, onion: 8334, rpc: 8332 },
    size: { chain: 811, txindex: 66, growth: 80 },
    index: 200,
    volume: 1000,
  },
  test: {
    section: "test",
    folder: "testnet3",
    ports: { p2p: 18333, onion: 18334, rpc: 18332 },
    size: { chain: 246, txindex: 25, growth: 40 },
    index: 100,
    volume: 400,
  },
  testnet4: {
    section: "testnet4",
    folder: "testnet4",
    ports: { p2p: 48333, onion: 48334, rpc: 48332 },
    since: "28",
    size: { chain: 31, txindex: 4, growth: 15 },
    index: 20,
    volume: 70,
  },
  signet: {
    section: "signet",
    folder: "signet",
    ports: { p2p: 38333, onion: 38334, rpc: 38332 },
    size: { chain: 27, txindex: 4, growth: 10 },
    index: 20,
    volume: 60,
  },
  regtest: {
    section: "regtest",
    folder: "regtest",
    ports: { p2p: 18444, onion: 18445, rpc: 18443 },
    size: { chain: 1, txindex: 0, growth: 0 },
    index: 1,
    volume: 5,
  },
} as const satisfies Readonly<Record<string, Chain>>;

/** The name of a chain in a topology. */
export type ChainName = keyof typeof CHAINS;

/** A qube as far as its chain is concerned. */
interface Linked extends Pick<Qube, "own"> {
  readonly uses: readonly Link[];
}

/** The chain that a qube serves or uses: its own where it says one, or that of the node at the end of its links. */
export function chainServed(qube: Linked): ChainName {
  return found(qube) ?? "main";
}

function found({ own, uses }: Linked): ChainName | undefined {
  if (own["chain"] !== undefined) return own["chain"] as ChainName;
  for (const { server } of uses) {
    const chain = found(server);
    if (chain) return chain;
  }
  return undefined;
}

/** A chain's entry, with what only some have. */
export function chain(name: ChainName): Chain {
  return CHAINS[name];
}
