// SPDX-License-Identifier: GPL-3.0-or-later
/** What a container needs to be a qube: the user, Xen's devices, the services that dom0 switched on, and stand-ins for all that is behind qrexec. */
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
  /** Whether those qubes run only while their servers do; otherwise all run. */
  readonly follows?: boolean;
}

const programs = "/usr/lib/standin";
const text = (name: string) => readFileSync(path.join(import.meta.dirname, "standin", name), "utf8");

/**
 * Xen's devices in a qube, with the modes of qubes-linux-utils udev/xen-devices-qubes.conf. No driver has these numbers: the kernel says so (ENXIO)
 * to whoever may open the node, and who may is settled before.
 */
const devices = ["evtchn", "gntalloc", "gntdev", "hypercall", "privcmd", "xenbus"]
  .map((name, at) => `c /dev/xen/${name} 0660 root qubes - 1:${100 + at}\n`)
  .join("");

/** As qubes-core-agent-linux vm-systemd/qubes-sysinit.service, which fills the folder from qubesdb before anything looks at it. */
function sysinit(services: readonly string[]): string {
  const files = services.map((name) => `/run/qubes-service/${name}`);
  return [
    "[Unit]",
    "Description=Stand-in for the kernel's devices and the services that dom0 switched on",
    "DefaultDependencies=no",
    "Before=sysinit.target",
    "After=systemd-tmpfiles-setup.service",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=/usr/bin/systemd-tmpfiles --create ${programs}/xen.conf`,
    "ExecStart=/usr/bin/mkdir -p /run/qubes-service",
    "ExecStart=/usr/bin/install -d -m 0775 -g qubes /run/qubes",
    ...(files.length > 0 ? [`ExecStart=/usr/bin/touch ${files.join(" ")}`] : []),
    "",
  ].join("\n");
}

const agent = [
  "[Unit]",
  "Description=Stand-in for the qrexec agent, dom0 and the other qubes' agents",
  "[Service]",
  "Type=notify",
  `ExecStart=${programs}/qrexec-agent`,
  "",
].join("\n");

const server = [
  "[Unit]",
  "Description=Stand-in for the servers of %i",
  "[Service]",
  "Type=notify",
  `EnvironmentFile=/etc/standin/servers/%i`,
  `ExecStart=/usr/bin/python3 -IB ${programs}/server.py %i $ADDRESS $PORTS`,
  "",
].join("\n");

function started(name: string, unit: string, by: string): [string, Content][] {
  const file = `/usr/lib/systemd/system/${name}`;
  return [
    [file, { text: unit }],
    [`/etc/systemd/system/${by}.wants/${name}`, { link: file }],
  ];
}

/** The files and commands that make it; a test adds the files that it judges. Servers are started by `systemctl start standin-server@QUBE`. */
export function standIn({
  name,
  services,
  system,
  policies,
  servers,
  follows = false,
}: Qube): Required<Pick<Options, "files" | "before">> {
  const addresses = Object.keys(servers).map((qube, at) => [qube, `127.0.1.${at + 1}`] as const);
  const dom0 = { name, system, servers: Object.fromEntries(addresses), follows };
  const files = new Map<string, Content>([
    ["/usr/bin/qrexec-client-vm", { text: text("qrexec_client_vm.py"), mode: 0o755 }],
    [`${programs}/qrexec-agent`, { text: text("qrexec_agent.py"), mode: 0o755 }],
    [`${programs}/evaluate.py`, { text: evaluator }],
    [`${programs}/xen.conf`, { text: devices }],
    [`${programs}/server.py`, { text: text("server.py") }],
    [`${programs}/client.py`, { text: text("client.py") }],
    [`${programs}/probe.py`, { text: text("probe.py") }],
    ["/etc/standin/dom0.json", { text: JSON.stringify(dom0) }],
    ["/usr/lib/systemd/system/standin-server@.service", { text: server }],
    ...started("qubes-qrexec-agent.service", agent, "multi-user.target"),
    ...started("qubes-sysinit.service", sysinit(services), "sysinit.target"),
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
      // There even when a qube has no policy in it, as dom0's is.
      "mkdir -p /etc/standin/policy.d",
      "chmod 0700 /etc/standin",
      `python3 -m py_compile ${programs}/evaluate.py`,
    ],
  };
}
