// SPDX-License-Identifier: GPL-3.0-or-later
import service from "../../salt-templates/links/tcp@.service.hbs";
import socket from "../../salt-templates/links/tcp.socket.hbs";
import type { Template } from "../model/model.ts";
import type { Unit } from "../model/parts.ts";

/** The Qubes service that opens a link's local port in a client. */
export const linkService = (formula: string, port: number) => `${formula}-tcp-${port}`;

/** The units of a client template: for each port that any of its qubes uses, a socket and a service for each connection. */
export function linkUnits(template: Template, formula: string): Unit[] {
  const ports = new Set(template.usedBy.flatMap((qube) => qube.uses.map((link) => link.port)));
  return [...ports]
    .toSorted((a, b) => a - b)
    .flatMap((port) => {
      const name = linkService(formula, port);
      const view = { formula, port, service: name };
      return [
        {
          name: `${name}.socket`,
          content: { template: socket, view },
          wantedBy: "sockets.target",
          why: `The client's end of the link on port ${port}.`,
        },
        {
          name: `${name}@.service`,
          content: { template: service, view },
          why: `Carries each connection to port ${port}.`,
        },
      ];
    });
}
