// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts } from "../../model/role.ts";
import { CURRENT, PORTS, serviceOf } from "./own.ts";

/** The daemon's part of the runbook. */
export function daemonRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  return {
    beyond: "JoinMarket messages",
    byHand: [
      {
        title: `JoinMarket ${String(qube.own["version"])} in ${name}`,
        text: `The states lay out the place and the unit; the program itself they do not bring yet. The unit waits, without failing, until ${CURRENT}/scripts/joinmarketd.py is there.`,
      },
    ],
    checks: [
      {
        title: `The daemon of ${name} listens on its loopback only`,
        where: name,
        command: "sudo ss -ltn",
        text: `${PORTS.daemon}, ${PORTS.snicker} and ${PORTS.payjoin} stand at 127.0.0.1.`,
      },
    ],
    logs: [
      {
        title: `The messages of ${name}`,
        where: name,
        command: `sudo journalctl -fu ${serviceOf(model.formula)}`,
        text: "Gone when the qube shuts down.",
      },
    ],
    backup: "Nothing in it is worth a backup.",
  };
}
