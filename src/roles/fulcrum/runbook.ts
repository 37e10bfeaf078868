// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts } from "../../model/role.ts";
import { ELECTRUM_HELLO, HTTP_GET, probe } from "../../whonix/probe.ts";
import { broughtProgram } from "../bring-program.ts";
import { rpcOf } from "./facts.ts";
import { ELECTRUM_PORT, serviceOf } from "./own.ts";
import { remoteWallets } from "./remote-wallets.ts";

/** The server's part of the runbook. */
export function serverRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  const { server, local } = rpcOf(qube);
  return {
    takes: `${name} makes its index in hours to days, after the sync of ${server.name}; wallets find nothing before that.`,
    byHand: [...broughtProgram(qube, model), ...remoteWallets(qube, model)],
    later: [
      {
        title: `Before ${server.name} is made anew or reindexed`,
        where: "dom0",
        command: `qvm-shutdown --wait ${name}`,
        text: `Fulcrum takes a node whose chain is lower than its index for a reorganisation, undoes a hundred blocks and gives up; its index must then be deleted and made again. So keep ${name} down until the node has passed the height it had.`,
      },
    ],
    checks: [
      {
        title: `${name} reaches ${server.name}`,
        where: name,
        command: probe(local, HTTP_GET),
        text: `A line with 405: the node answers (it wants a POST). Nothing: the link is not open, or ${server.name} is not running.`,
      },
      {
        title: `${name} answers`,
        where: name,
        command: probe(ELECTRUM_PORT, ELECTRUM_HELLO),
        text: "It answers only when its index is complete.",
      },
    ],
    logs: [
      {
        title: `How far the index of ${name} is`,
        where: name,
        command: `sudo journalctl -fu ${serviceOf(model.formula)}`,
        text: "Gone when the qube shuts down.",
      },
    ],
    backup: "Never back up the index: it is made again from the node, and a copy taken while it is written is none.",
  };
}
