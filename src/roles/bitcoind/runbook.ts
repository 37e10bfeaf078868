// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts } from "../../model/role.ts";
import { bringProgram } from "../bring-program.ts";
import { PROGRAMS } from "./own.ts";
import { serviceOf } from "./template.ts";

/** The node's part of the runbook. */
export function nodeRunbook(qube: Qube, model: Model): RunbookParts {
  const { name, version } = qube;
  return {
    beyond: "Bitcoin P2P",
    takes: `${name} downloads and checks the chain over Tor: days to weeks, depending on your line and on Tor.`,
    byHand: [
      bringProgram({
        program: `Bitcoin Core ${version}`,
        name,
        folder: PROGRAMS,
        version,
        file: "bin/bitcoind",
        unit: serviceOf(model.formula),
      }),
    ],
    checks: [
      {
        title: `How ${name} is doing`,
        where: name,
        command: "node-status",
        text: "Blocks, peers, disk. The first sync over Tor takes days to weeks.",
      },
      {
        title: `${name} knows onion peers only`,
        where: name,
        command: "bitcoin-cli -netinfo",
        text: "The columns ipv4, ipv6, i2p and cjdns are empty or absent.",
      },
    ],
    logs: [
      {
        title: `The log of ${name}`,
        where: name,
        command: `sudo journalctl -fu ${serviceOf(model.formula)}`,
        text: "It is gone when the qube shuts down.",
      },
    ],
    backup:
      "Never back up the chain: it can be downloaded again. Whoever uses this node keeps what counts in a qube of its own.",
  };
}
