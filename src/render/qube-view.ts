// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained, Model, Qube } from "../model/model.ts";
import { upstream } from "../model/order.ts";
import { holdings } from "./holdings.ts";
import { markerPath } from "./paths.ts";

/** A qube as `dom0/qubes.sls` shows it. Figures that go into shell commands are texts, so that a 0 is not taken for an absent one. */
export function qubeView(qube: Qube, model: Model): object {
  const { name, role, template, netvm, vm } = qube;
  const left = role.leftToUser?.(qube);
  const held = holdings(qube, model);
  const ip = role.pinnedIp?.(qube);
  return {
    name,
    role: role.name,
    marker: markerPath(model.formula, name),
    template: template.name,
    templateState: template.clone ? "tag" : "installed",
    pool: vm.pool ?? false,
    leftToUser: left ? left.why : false,
    firewall: firewallOf(qube),
    netvm: netvm?.name ?? "none",
    networkWhy: networkReason(qube, left !== undefined),
    providesNetwork: role.providesNetwork === true,
    upstream: upstream(qube)?.name ?? false,
    label: vm.label.value,
    labelWhy: reason("label", vm.label),
    memory: vm.memory.value,
    memoryWhy: reason("memory", vm.memory),
    maxmem: vm.maxmem.value,
    maxmemWhy: reason("maxmem", vm.maxmem),
    vcpus: vm.vcpus.value,
    vcpusWhy: reason("vcpus", vm.vcpus),
    autostart: vm.autostart.value,
    autostartWhy: reason("autostart", vm.autostart),
    backups: vm.include_in_backups.value,
    backupsWhy: reason("include-in-backups", vm.include_in_backups),
    qrexecTimeout: vm.qrexec_timeout?.value ?? false,
    qrexecTimeoutWhy: vm.qrexec_timeout ? reason("qrexec-timeout", vm.qrexec_timeout) : false,
    ip: ip?.value ?? false,
    ipWhy: ip ? reason("ip", ip) : false,
    enabled: held.services,
    disabled: held.disabled,
    menu: vm.menu_items.value.join(" "),
    menuWhy: reason("menu-items", vm.menu_items),
    features: Object.entries(vm.features).map(([key, value]) => ({ key, value })),
    tags: vm.tags,
    volume: vm.privateBytes ? String(vm.privateBytes.value) : false,
    volumeWhy: vm.privateBytes ? reason("private volume, in bytes", vm.privateBytes) : false,
    revisions: vm.revisions_to_keep ? String(vm.revisions_to_keep.value) : false,
    revisionsWhy: vm.revisions_to_keep ? reason("revisions_to_keep", vm.revisions_to_keep) : false,
    shutdownTimeout: vm.shutdown_timeout ? String(vm.shutdown_timeout.value) : false,
    shutdownTimeoutWhy: vm.shutdown_timeout ? reason("shutdown_timeout", vm.shutdown_timeout) : false,
  };
}

/** What dom0's firewall lets out of it, where it is not Tor that carries its traffic. */
function firewallOf(qube: Qube): object | false {
  const reached = qube.role.reaches?.(qube);
  return reached
    ? { host: reached.value.host, port: reached.value.port, why: reached.why, source: reached.source }
    : false;
}

function reason(key: string, { why, source }: Explained<unknown>): string {
  return `${key}: ${why} Source: ${source}`;
}

function networkReason({ netvm, role }: Qube, left: boolean): string {
  if (left) return "This qube provides network; which net qube it has itself is left to you.";
  if (!netvm) return "No net qube: nothing leaves this qube but what a link allows.";
  if (role.os === "debian") return "The net qube of the topology.";
  return `The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).`;
}
