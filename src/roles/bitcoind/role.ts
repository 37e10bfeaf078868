// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { bitcoinCore } from "../../software/bitcoin-core.ts";
import { bitcoindElsewhere } from "../remote/bitcoind.ts";
import { clientsAreListed, knownKeys } from "./checks.ts";
import { nodeFiles } from "./files.ts";
import { nodeLands } from "./lands.ts";
import { options } from "./options/index.ts";
import { keys, ownOf, portsOf, serviceOf, ZMQ_PORT } from "./own.ts";
import { joinmarketWallets } from "./rules/joinmarket-wallets.ts";
import { roomForChain } from "./rules/room-for-chain.ts";
import { settingsAgree } from "./rules/settings-agree.ts";
import { onionFits } from "./rules/onion-fits.ts";
import { onionOnly } from "./rules/onion-only.ts";
import { nodeProbe } from "./probe.ts";
import { nodeRunbook } from "./runbook.ts";
import { nodeTemplate } from "./template.ts";
import { exposures, pinnedIp, torNeeds } from "./tor.ts";
import { nodeTrust } from "./trust.ts";
import { vmDefaults } from "./vm.ts";

/** A full node: Bitcoin Core, peers over Tor alone, RPC on its own loopback. */
export const bitcoind: Role = {
  name: "bitcoind",
  summary: "A Bitcoin full node (Bitcoin Core), which reaches its peers over Tor alone.",
  os: "workstation",
  netvm: { kind: "gateway", description: "The Whonix gateway of this topology that carries its traffic." },
  program: bitcoinCore,
  brings: (_qube, formula) => ({
    slug: "bitcoin-core",
    needed: "bin/bitcoind",
    unit: serviceOf(formula),
    unpack: { kind: "tar", strip: 1 },
  }),
  options,
  elsewhere: bitcoindElsewhere,
  keys,
  vm: vmDefaults,
  services: (qube) => ({ rpc: portsOf(qube).rpc, zmq: ZMQ_PORT, p2p: portsOf(qube).onion }),
  ports: (qube) => [portsOf(qube).rpc, ...(ownOf(qube).onion ? [portsOf(qube).onion] : [])],
  exposes: exposures,
  pinnedIp,
  tor: torNeeds,
  daemon: true,
  template: { suffix: "bitcoin", parts: nodeTemplate },
  qube: (qube, model) => nodeFiles(qube, model.formula),
  rules: [roomForChain, settingsAgree, joinmarketWallets, onionFits, onionOnly],
  checks: [knownKeys, clientsAreListed],
  holds: (qube) => ({
    what: "chain",
    words: `The chain ${ownOf(qube).chain} as far as it was checked, which takes ${ownOf(qube).chain === "main" ? "days to weeks" : "hours"} to have again; and the wallets, if you made any in it by hand.`,
  }),
  lands: nodeLands,
  trust: nodeTrust,
  runbook: nodeRunbook,
  probe: nodeProbe,
};
