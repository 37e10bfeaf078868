// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts } from "../../model/role.ts";
import { whonixRelease } from "../../software/platforms.ts";
import { bringProgram } from "../bring-program.ts";
import { PORTS, PROGRAMS, serviceOf } from "./own.ts";

/** What belongs beside JoinMarket: libraries for the very Python of the qube, at the very path at which they will lie. */
export function environment({ platform }: Model): string {
  const { python, debian } = whonixRelease(platform.whonix);
  return `and its Python (${python}, that of Debian ${debian}) with all libraries in venv/, made at that very path`;
}

/** The daemon's part of the runbook. */
export function daemonRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  return {
    beyond: "JoinMarket messages",
    byHand: [
      bringProgram({
        qube,
        folder: PROGRAMS,
        file: "scripts/joinmarketd.py",
        more: environment(model),
        unit: serviceOf(model.formula),
      }),
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
