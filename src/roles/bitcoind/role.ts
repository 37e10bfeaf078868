// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { bitcoinCore } from "../../software/bitcoin-core.ts";
import { bitcoindElsewhere } from "../remote/bitcoind.ts";
import { clientsAreListed, knownKeys } from "./checks.ts";
import { nodeFiles } from "./files.ts";
import { options } from "./options/index.ts";
import { keys, ownOf, portsOf, ZMQ_PORT } from "./own.ts";
import { roomForChain } from "./room-for-chain.ts";
import { nodeRunbook } from "./runbook.ts";
import { nodeTemplate, serviceOf } from "./template.ts";
import { torNeeds } from "./tor.ts";
import { vmDefaults } from "./vm.ts";

/** A full node: Bitcoin Core, peers over onion services only, RPC on its own loopback. */
export const bitcoind: Role = {
  name: "bitcoind",
  summary: "A Bitcoin full node (Bitcoin Core), with peers over onion services only.",
  os: "workstation",
  netvm: { kind: "gateway", description: "The Whonix gateway of this topology that carries its traffic." },
  program: bitcoinCore,
  options,
  elsewhere: bitcoindElsewhere,
  keys,
  vm: vmDefaults,
  services: (qube) => ({ rpc: portsOf(qube).rpc, zmq: ZMQ_PORT, p2p: portsOf(qube).onion }),
  ports: (qube) => [portsOf(qube).rpc, ...(ownOf(qube).onion ? [portsOf(qube).onion] : [])],
  tor: torNeeds,
  daemon: true,
  template: { suffix: "bitcoin", parts: nodeTemplate },
  qube: (qube, model) => ({ ...nodeFiles(qube, model.formula), services: [serviceOf(model.formula)] }),
  rules: [roomForChain],
  checks: [knownKeys, clientsAreListed],
  runbook: nodeRunbook,
};
