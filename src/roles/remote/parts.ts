// SPDX-License-Identifier: GPL-3.0-or-later
import env from "../../../salt-templates/links/forward.env.hbs";
import socket from "../../../salt-templates/links/forward.socket.hbs";
import service from "../../../salt-templates/links/forward@.service.hbs";
import type { Qube, TorNeeds } from "../../model/model.ts";
import type { ManagedFile, QubeParts, TemplateParts, Unit } from "../../model/parts.ts";
import { forwardedPorts, forwardService } from "../../model/remote.ts";
import type { TemplateNeeds } from "../../model/role.ts";
import { sandboxOf } from "../../model/sandbox.ts";
import type { Remote } from "../../topology/topology.ts";
import { GATEWAY_ADDRESS } from "../../whonix/gateway.ts";
import { gatewayPorts, ONION_PORT } from "../../whonix/onion-port.ts";
import { elsewhereOf, forwardFile, forwardsOf, type Forward } from "./own.ts";

/** The ways to a server elsewhere. */
export type Way = Remote["over"];

const words: Readonly<Record<Way, string>> = { onion: "over Tor", lan: "over your own network" };

/** The addresses that a forwarder's process may talk to, as far as its template can know them. */
const allowed: Readonly<Record<Way, readonly { readonly address: string; readonly why: string }[]>> = {
  onion: [{ address: GATEWAY_ADDRESS, why: "But the gateway's SocksPorts." }],
  lan: [
    {
      address: "10.0.0.0/8",
      why: "But private addresses, for the template cannot know which one; dom0's firewall holds the qube to that one. Source: RFC 1918",
    },
    { address: "172.16.0.0/12", why: "Likewise." },
    { address: "192.168.0.0/16", why: "Likewise." },
  ],
};

/** What the forwarders' template clone holds: a socket for each port that any of them forwards, and what carries its connections. */
export function forwarderTemplate(over: Way, { formula, qubes }: TemplateNeeds): TemplateParts {
  const ports = [...new Set(qubes.flatMap((qube) => forwardedPorts(qube)))].toSorted((a, b) => a - b);
  return {
    packages: [{ name: "socat", why: "Carries each connection, and half-closed ones as they are." }],
    units: ports.flatMap((port) => units(port, over, formula)),
  };
}

function units(port: number, over: Way, formula: string): Unit[] {
  const name = forwardService(formula, port);
  return [
    {
      name: `${name}.socket`,
      content: { template: socket, view: { formula, port, service: name } },
      wantedBy: "sockets.target",
      why: `The port at which a qube of this template stands for a server elsewhere: ${port}.`,
    },
    {
      name: `${name}@.service`,
      content: {
        template: service,
        view: {
          formula,
          port,
          onion: over === "onion",
          way: words[over],
          file: forwardFile(port),
          gateway: GATEWAY_ADDRESS,
          user: `${formula}-forward`,
          allowed: allowed[over],
          sandbox: sandboxOf(false),
        },
      },
      why: `Carries each connection to port ${port} to where that server is.`,
    },
  ];
}

/** What a forwarder's qube holds: where each port leads. */
export function forwarderParts(qube: Qube, formula: string): QubeParts {
  return {
    services: forwardedPorts(qube).map((port) => forwardService(formula, port)),
    files: forwardsOf(qube).map((one) => whereTo(one, qube, formula)),
  };
}

function whereTo({ local, host, port }: Forward, qube: Qube, formula: string): ManagedFile {
  const { onion, onionOnly } = gatewayPorts(qube);
  const socksWhy = onionOnly
    ? "The gateway's port for onion services alone: a slip in the address cannot become a connection through an exit."
    : "Whonix' own port of the gateway, as the topology chose.";
  return {
    path: forwardFile(local),
    content: {
      template: env,
      view: { host, port, socks: elsewhereOf(qube).over === "onion" && onion, socksWhy },
    },
    user: "root",
    group: "root",
    mode: "0644",
    dirMode: "0755",
    why: `Where port ${local} of this qube leads.`,
    reload: {
      id: `end-connections-${local}`,
      command: `systemctl --no-block stop '${forwardService(formula, local)}@*.service'`,
      why: "A connection that is open goes on to where the server was; its client makes another.",
    },
  };
}

/** What a forwarder over Tor needs of its gateway: the port for onion services, and its key where the service asks for one. */
export function forwarderTor(qube: Qube): TorNeeds {
  const { host, auth } = elsewhereOf(qube);
  return {
    socksPorts: gatewayPorts(qube).onionOnly ? [ONION_PORT] : [],
    clientAuth: auth ? [{ name: qube.name, address: host.replace(/\.onion$/, "") }] : [],
  };
}
