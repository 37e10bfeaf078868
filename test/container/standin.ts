// SPDX-License-Identifier: GPL-3.0-or-later
/** What a container needs to be a qube: the user, the services that dom0 switched on, and a qrexec whose dom0 and other qubes are stand-ins. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { evaluator, type Policies, type System } from "../policy/policy.ts";
import type { Content, Options } from "./container.ts";

export interface Qube {
  readonly name: string;
  /** What is in /run/qubes-service. */
  readonly services: readonly string[];
  /** What dom0 knows, and by which policy it answers. */
  readonly system: System;
  readonly policies: Policies;
  /** The other qubes' ports. Each qube has an address of its own on the loopback. */
  readonly servers: Readonly<Record<string, readonly number[]>>;
}

const programs = "/usr/lib/standin";
const text = (name: string) => readFileSync(path.join(import.meta.dirname, "standin", name), "utf8");

/** As qubes-core-agent-linux vm-systemd/qubes-sysinit.service, which fills the folder from qubesdb before anything looks at it. */
function sysinit(services: readonly string[]): string {
  const files = services.map((name) => `/run/qubes-service/${name}`);
  return [
    "[Unit]",
    "Description=Stand-in for the services that dom0 switched on",
    "DefaultDependencies=no",
    "Before=sysinit.target",
    "After=systemd-tmpfiles-setup.service",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    "ExecStart=/usr/bin/mkdir -p /run/qubes-service",
    ...(files.length > 0 ? [`ExecStart=/usr/bin/touch ${files.join(" ")}`] : []),
    "[Install]",
    "WantedBy=sysinit.target",
    "",
  ].join("\n");
}

const server = [
  "[Unit]",
  "Description=Stand-in for the servers of %i",
  "[Service]",
  "Type=notify",
  `EnvironmentFile=/etc/standin/servers/%i`,
  `ExecStart=/usr/bin/python3 -IB ${programs}/server.py %i $ADDRESS $PORTS`,
  "",
].join("\n");

/** The files and commands that make it; a test adds the files that it judges. Servers are started by `systemctl start standin-server@QUBE`. */
export function standIn({ name, services, system, policies, servers }: Qube): Required<Omit<Options, "suite">> {
  const addresses = Object.keys(servers).map((qube, at) => [qube, `127.0.1.${at + 1}`] as const);
  const dom0 = { name, system, servers: Object.fromEntries(addresses) };
  const files = new Map<string, Content>([
    ["/usr/bin/qrexec-client-vm", { text: text("qrexec_client_vm.py"), mode: 0o755 }],
    [`${programs}/evaluate.py`, { text: evaluator }],
    [`${programs}/server.py`, { text: text("server.py") }],
    [`${programs}/client.py`, { text: text("client.py") }],
    ["/etc/standin/dom0.json", { text: JSON.stringify(dom0) }],
    ["/usr/lib/systemd/system/standin-server@.service", { text: server }],
    ["/usr/lib/systemd/system/qubes-sysinit.service", { text: sysinit(services) }],
    [
      "/etc/systemd/system/sysinit.target.wants/qubes-sysinit.service",
      { link: "/usr/lib/systemd/system/qubes-sysinit.service" },
    ],
  ]);
  for (const [file, content] of Object.entries(policies)) files.set(`/etc/standin/policy.d/${file}`, { text: content });
  for (const [qube, address] of addresses) {
    const ports = servers[qube]?.join(" ") ?? "";
    files.set(`/etc/standin/servers/${qube}`, { text: `ADDRESS=${address}\nPORTS=${ports}\n` });
  }
  return {
    files,
    before: [
      "groupadd --system --gid 98 qubes",
      "useradd --create-home --groups qubes --shell /bin/bash user",
      // As a qube's qrexec socket: whoever is not in the group is refused.
      "chgrp -R qubes /etc/standin",
      "chmod 0750 /etc/standin",
      `python3 -m py_compile ${programs}/evaluate.py`,
    ],
  };
}
