// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { fulcrum as fulcrumProgram } from "../../software/fulcrum.ts";
import { fulcrumElsewhere } from "../remote/fulcrum.ts";
import { knownKeys } from "./checks.ts";
import { serverLands } from "./lands.ts";
import { options } from "./options/index.ts";
import { callsOf, ELECTRUM_PORT, exposures, keys, serviceOf } from "./own.ts";
import { serverFiles, serverTemplate } from "./parts.ts";
import { serverProbe } from "./probe.ts";
import { settingsAgree } from "./rules/settings-agree.ts";
import { serverFitsItsQube } from "./rules/server-fits-its-qube.ts";
import { whoMayUseIt } from "./rules/who-may-use-it.ts";
import { serverRunbook } from "./runbook.ts";
import { settingOf } from "./settings.ts";
import { serverTrust } from "./trust.ts";
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
      calls: callsOf,
      connections: (client) => 1 + Number(settingOf(client, "bitcoind_clients")),
      description:
        "The node that it reads. One only: Fulcrum dials the very address at which the node says it publishes blocks.",
    },
  },
  program: fulcrumProgram,
  brings: (_qube, formula) => ({
    slug: "fulcrum",
    needed: "Fulcrum",
    unit: serviceOf(formula),
    unpack: { kind: "tar", strip: 1 },
  }),
  options,
  elsewhere: fulcrumElsewhere,
  keys,
  vm: vmDefaults,
  services: () => ({ electrum: ELECTRUM_PORT }),
  ports: (qube) => [ELECTRUM_PORT, ...["admin", "stats"].flatMap((name) => portOf(qube.settings[name]))],
  exposes: exposures,
  daemon: true,
  template: { suffix: "fulcrum", parts: serverTemplate },
  qube: (qube, model) => serverFiles(qube, model.formula),
  rules: [serverFitsItsQube, settingsAgree, whoMayUseIt],
  checks: [knownKeys],
  holds: () => ({ what: "index", words: "The index of its node's chain, which takes a day or more to make again." }),
  lands: serverLands,
  trust: serverTrust,
  runbook: serverRunbook,
  probe: serverProbe,
};

/** The port of a setting such as 127.0.0.1:8000. */
function portOf(value: unknown): number[] {
  return value === undefined ? [] : [Number(String(value).split(":")[1])];
}
