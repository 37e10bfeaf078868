// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup, OptionSet } from "../../../software/option.ts";
import type { NodeFacts } from "../facts.ts";
import { CONF } from "../own.ts";
import { files, node } from "./node.ts";
import { peers } from "./peers.ts";
import { resources } from "./resources.ts";
import { rpc, zmq } from "./rpc.ts";
import { tor } from "./tor.ts";

/** All but the first group stands in the section of the chain: what is there counts before anything outside of a section. */
const ofChain = [node, tor, peers, rpc, zmq, resources].map((group): OptionGroup<NodeFacts> => ({
  ...group,
  section: ({ chain }) => chain,
}));

/** What Bitcoin Core 23.0 to 31.1 can be told, of what makes sense in a qube; in the order of bitcoin.conf. */
export const options: OptionSet<NodeFacts> = {
  program: "Bitcoin Core",
  groups: [files, ...ofChain],
  flags: ["0", "1"],
  own: `${CONF}.local in the qube, which bitcoind reads after ours`,
};
