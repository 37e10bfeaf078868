// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts } from "../../model/role.ts";
import { bringSteps } from "./bring.ts";
import { PORTS, serviceOf } from "./own.ts";

/** The daemon's part of the runbook. */
export function daemonRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  return {
    beyond: "JoinMarket messages",
    byHand: bringSteps(qube, model),
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
