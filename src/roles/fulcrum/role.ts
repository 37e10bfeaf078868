// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { fulcrum as fulcrumProgram } from "../../software/fulcrum.ts";
import { fulcrumElsewhere } from "../remote/fulcrum.ts";
import { knownKeys } from "./checks.ts";
import { CALLS, ELECTRUM_PORT } from "./own.ts";
import { serverFiles, serverTemplate } from "./parts.ts";
import { serverRunbook } from "./runbook.ts";
import { vmDefaults } from "./vm.ts";

/** An Electrum server: Fulcrum, without network, between a node and the wallets. */
export const fulcrum: Role = {
  name: "fulcrum",
  summary:
    "An Electrum server (Fulcrum) of your own, without network: it reads one node and serves wallets, both over qrexec.",
  os: "workstation",
  references: {
    bitcoind: {
      role: "bitcoind",
      services: ["rpc", "zmq"],
      wants: ["txindex"],
      calls: CALLS,
      description:
        "The node that it reads. One only: Fulcrum dials the very address at which the node says it publishes blocks.",
    },
  },
  program: fulcrumProgram,
  elsewhere: fulcrumElsewhere,
  keys: {},
  vm: vmDefaults,
  services: () => ({ electrum: ELECTRUM_PORT }),
  ports: () => [ELECTRUM_PORT],
  daemon: true,
  template: { suffix: "fulcrum", parts: serverTemplate },
  qube: (qube, model) => serverFiles(qube, model.formula),
  checks: [knownKeys],
  runbook: serverRunbook,
};
