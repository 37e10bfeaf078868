// SPDX-License-Identifier: GPL-3.0-or-later
/** What a container gets to be a qube of a stock Whonix template: stand-ins for what Qubes and Whonix have in it, and nothing of ours. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Content } from "../container/container.ts";

const here = import.meta.dirname;
const text = (...name: string[]) => readFileSync(path.join(here, ...name), "utf8");
const programs = "/usr/lib/standin";

/** As what a container is booted. */
export type Kind = "template" | "gateway" | "workstation";

/** With the modes of qubes-linux-utils udev/xen-devices-qubes.conf; no driver has these numbers. */
const devices = ["evtchn", "gntalloc", "gntdev", "hypercall", "privcmd", "xenbus"]
  .map((name, at) => `c /dev/xen/${name} 0660 root qubes - 1:${100 + at}\n`)
  .join("");

function unit(description: string, lines: readonly string[], early: boolean): string {
  const order = early
    ? ["DefaultDependencies=no", "Before=sysinit.target", "After=systemd-tmpfiles-setup.service"]
    : ["After=qubes-sysinit.service qubes-mount-dirs.service"];
  return ["[Unit]", `Description=Stand-in for ${description}`, ...order, ...lines, ""].join("\n");
}

const once = ["[Service]", "Type=oneshot", "RemainAfterExit=yes"];

const units: readonly (readonly [name: string, target: string, content: string])[] = [
  [
    "qubes-sysinit.service",
    "sysinit.target",
    unit("Xen and qubes-sysinit", [...once, `ExecStart=${programs}/sysinit`], true),
  ],
  [
    "qubes-mount-dirs.service",
    "local-fs.target",
    [
      "[Unit]",
      "Description=Stand-in for qubes-mount-dirs",
      "DefaultDependencies=no",
      // Or systemd, which has both in fstab and in what a unit requires, makes /rw/home itself, empty, and mounts that.
      "Before=local-fs.target rw.mount home.mount usr-local.mount",
      ...once,
      `ExecStart=${programs}/mount-dirs`,
      "",
    ].join("\n"),
  ],
  [
    "qubes-qrexec-agent.service",
    "multi-user.target",
    unit("the qrexec agent", ["[Service]", "Type=notify", `ExecStart=${programs}/qrexec-agent`], false),
  ],
  [
    // As whonix-firewall's own unit, before any network.
    "whonix-firewall.service",
    "multi-user.target",
    unit(
      "whonix-firewall",
      [
        "ConditionPathExists=!/usr/lib/standin/template",
        "Before=network.target tor@default.service",
        ...once,
        "ExecStart=/usr/bin/whonix_firewall",
      ],
      false,
    ),
  ],
];

/** Whonix' torrc, as far as our own file meets it (anon-gw-anonymizer-config etc/torrc.d/95_whonix.conf). Nobody is online here: Tor listens and waits. */
const torrc = [
  "%include /etc/torrc.d/*.conf",
  "DisableNetwork 0",
  "User debian-tor",
  "ControlPort 127.0.0.1:9052",
  "CookieAuthentication 1",
  "TransPort 0.0.0.0:9040",
  "DNSPort 0.0.0.0:5300",
  "SocksPort 0.0.0.0:9050",
  "SocksPort 0.0.0.0:9180 IPv6Traffic IsolateDestAddr IsolateDestPort",
  "%include /usr/local/etc/torrc.d/*.conf",
  "",
].join("\n");

/** The files over the stock root, and the commands that are run in it before it boots. */
export function stockFiles(name: string, kind: Kind): { files: Map<string, Content>; before: string[] } {
  const files = new Map<string, Content>([
    ["/usr/bin/qrexec-client-vm", { text: text("../container/standin/qrexec_client_vm.py"), mode: 0o755 }],
    ["/usr/bin/qubesdb-read", { text: text("qube/qubesdb_read.py"), mode: 0o755 }],
    ["/usr/bin/whonix_firewall", { text: text("qube/whonix_firewall"), mode: 0o755 }],
    [`${programs}/qrexec-agent`, { text: text("qube/qrexec_agent.py"), mode: 0o755 }],
    [`${programs}/sysinit`, { text: text("qube/sysinit.py"), mode: 0o755 }],
    [`${programs}/mount-dirs`, { text: text("qube/mount-dirs"), mode: 0o755 }],
    [`${programs}/xen.conf`, { text: devices }],
    [
      "/etc/fstab",
      { text: "/rw/home /home none noauto,bind,defaults 0 0\n/rw/usrlocal /usr/local none noauto,bind,defaults 0 0\n" },
    ],
    // qubes-core-agent-linux init/qubes-early-vm-config.sh: a qube's own name needs no server.
    ["/etc/hostname", { text: `${name}\n` }],
    ["/etc/hosts", { text: `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ${name}\n` }],
    ["/etc/sudoers.d/qubes", { text: "user ALL=(ALL) NOPASSWD: ALL\n", mode: 0o440 }],
  ]);
  const start = (name: string, target: string, content: string) => {
    files.set(`/usr/lib/systemd/system/${name}`, { text: content });
    files.set(`/etc/systemd/system/${target}.wants/${name}`, { link: `/usr/lib/systemd/system/${name}` });
  };
  for (const one of units) start(...one);
  // Whonix-Workstation's: every name is asked of the gateway. A template has its network from this machine.
  if (kind !== "template") files.set("/etc/resolv.conf", { text: "nameserver 10.152.152.10\n" });
  if (kind === "template") files.set(`${programs}/template`, { text: "" });
  if (kind === "gateway") {
    start(
      "onion-grater.service",
      "multi-user.target",
      unit("onion-grater", ["[Service]", `ExecStart=${programs}/onion-grater`, "DynamicUser=true"], false),
    );
    files.set(`${programs}/onion-grater`, { text: text("qube/onion_grater.py"), mode: 0o755 });
    files.set(`${programs}/gateway`, { text: "" });
    files.set("/etc/tor/torrc", { text: torrc });
  }
  const before = [
    // Debian's minimum has neither; in a stock template both are there.
    "getent group qubes >/dev/null || groupadd --system --gid 98 qubes",
    "id user >/dev/null 2>&1 || useradd --uid 1000 --create-home --groups qubes,sudo --shell /bin/bash user",
    `mkdir -p ${programs}/dom0 /rw`,
    ...(kind === "template" ? [] : [`rm -f ${programs}/template`]),
  ];
  return { files, before };
}
