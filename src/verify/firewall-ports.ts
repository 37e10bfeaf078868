// SPDX-License-Identifier: GPL-3.0-or-later
import { STOCK_SOCKS_PORTS } from "../whonix/gateway.ts";
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import { firewallPath, graterPath, torrcPath } from "../whonix/gateway.ts";
import type { Reading } from "./reading.ts";
import { readTorrc } from "./torrc.ts";

/** Firewalls and what they are opened for agree: a port is open exactly where something of ours listens, and the other way round. */
export function* firewallPorts({ tree }: Reading, model: Model): Iterable<string> {
  const textOf = (qube: string, path: string) => tree.get(paths(model.formula).file(qube, path))?.text ?? "";
  for (const qube of model.qubes) {
    const firewall = textOf(qube.name, firewallPath(model.formula));
    for (const line of firewall.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      if (!/^[A-Za-z_]+(?:\+=" [^"]* "|=[01])$/.test(line))
        yield `${qube.name}: the firewall file is bash, and this is not a plain line: ${line}`;
    }
    if (qube.role.providesNetwork) {
      const listening = ports(textOf(qube.name, torrcPath(model.formula)), /^SocksPort 0\.0\.0\.0:([0-9]+)/gm);
      const open = ports(firewall, /^INTERNAL_OPEN_PORTS\+=" ([0-9]+) "$/gm);
      const needed = listening.filter((port) => port < STOCK_SOCKS_PORTS.first || port > STOCK_SOCKS_PORTS.last);
      if (String(open) !== String(needed))
        yield `${qube.name}: tor listens on ${needed.join(" ")}, the firewall opens ${open.join(" ")}`;
      for (const off of ["WORKSTATION_TRANSPARENT_TCP=0", "WORKSTATION_TRANSPARENT_DNS=0"]) {
        if (!firewall.includes(`\n${off}\n`)) yield `${qube.name}: ${off} is missing`;
      }
    } else if (qube.netvm) {
      const open = ports(firewall, /^EXTERNAL_OPEN_PORTS\+=" ([0-9]+) "$/gm);
      const wanted = (qube.role.tor?.(qube).inbound ?? []).map(({ value }) => value);
      if (String(open) !== String(wanted))
        yield `${qube.name}: an onion service needs ${wanted.join(" ")}, the firewall opens ${open.join(" ")}`;
      const gateway = "qube" in qube.netvm ? qube.netvm.qube.name : "";
      const ip = qube.role.pinnedIp?.(qube)?.value ?? "none";
      const { services } = readTorrc(textOf(gateway, torrcPath(model.formula)));
      for (const port of open) {
        const asked = textOf(gateway, graterPath(model.formula)).includes(`{client-address}:${port} `);
        if (!asked && !services.some(({ target }) => target === `${ip}:${port}`))
          yield `${qube.name}: nothing on its gateway delivers to port ${port}`;
      }
    }
  }
}

function ports(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map(([, port]) => Number(port)).toSorted((a, b) => a - b);
}
