// SPDX-License-Identifier: GPL-3.0-or-later
import service from "../../salt-templates/links/tcp@.service.hbs";
import socket from "../../salt-templates/links/tcp.socket.hbs";
import { linkService } from "../model/link-service.ts";
import type { Link, Template } from "../model/model.ts";
import type { Unit } from "../model/parts.ts";
import { inCOrder } from "../kernel/tree.ts";

/** What a client passes to qrexec to reach the other end: nobody's name, or the server's (qubes-core-qrexec doc/multifile-policy.markdown). */
function calledTarget({ named, server }: Link): string {
  return named ? server.name : "@default";
}

/** The units of a client template: for each port that any of its qubes uses, a socket and a service for each connection. */
export function linkUnits(template: Template, formula: string): Unit[] {
  const links = new Map(template.usedBy.flatMap((qube) => qube.uses.map((link) => [linkService(formula, link), link])));
  return [...links]
    .toSorted(([a, one], [b, other]) => one.local - other.local || inCOrder(a, b))
    .flatMap(([name, link]) => {
      const view = {
        formula,
        service: name,
        local: link.local,
        port: link.port,
        target: calledTarget(link),
        server: link.named ? link.server.name : "another qube",
        named: link.named,
        onion: link.onion !== undefined,
      };
      return [
        {
          name: `${name}.socket`,
          content: { template: socket, view },
          wantedBy: "sockets.target",
          why: link.onion
            ? `Where tor delivers an onion service: the gateway's end of the link on port ${link.local}.`
            : `The client's end of the link on port ${link.local}.`,
        },
        {
          name: `${name}@.service`,
          content: { template: service, view },
          why: `Carries each connection to port ${link.port}.`,
        },
      ];
    });
}
