// SPDX-License-Identifier: GPL-3.0-or-later
import service from "../../salt-templates/links/tcp@.service.hbs";
import socket from "../../salt-templates/links/tcp.socket.hbs";
import { linkService } from "../model/link-service.ts";
import type { Link, Template } from "../model/model.ts";
import type { Unit } from "../model/parts.ts";
import { sandboxOf } from "../model/sandbox.ts";
import { inCOrder } from "../kernel/tree.ts";

/** What a client passes to qrexec to reach the other end: nobody's name, or the server's (qubes-core-qrexec doc/multifile-policy.markdown). */
function calledTarget({ named, server }: Link): string {
  return named ? server.name : "@default";
}

/**
 * A connection needs Xen's devices and nothing else: qrexec-client-vm is the server of the vchan that it makes (qubes-core-qrexec
 * agent/qrexec-agent-data.c, handle_data_client), so it never opens gntdev, by which another qube's memory is mapped.
 */
const sandbox = sandboxOf(false, {
  devices: [
    {
      path: "/dev/xen/gntalloc",
      why: "The memory that it shares with the other end. Source: Xen tools/libs/vchan/init.c, init_gnt_srv",
    },
    {
      path: "/dev/xen/evtchn",
      why: "By events each end wakes the other. Source: Xen tools/libs/vchan/init.c, init_evt_srv",
    },
    {
      path: "/dev/xen/xenbus",
      why: "XenStore, where the other end finds it; a qube has no socket for that. Source: Xen tools/libs/store/xs.c, xs_open",
    },
    {
      path: "/dev/xen/privcmd",
      why: "The hypercall that tells whether the other end still lives. Source: qubes-core-vchan-xen vchan/io.c",
    },
    {
      path: "/dev/xen/hypercall",
      why: "The buffers of hypercalls. A kernel without it is fine, one that refuses it is not. Source: Xen tools/libs/call/linux.c",
    },
  ],
  sharesUser:
    "Shared memory of the user's other programs is out of reach; RemoveIPC would remove it at the end of each connection.",
});

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
        sandbox,
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
