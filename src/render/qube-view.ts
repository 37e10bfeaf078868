// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained, Model, Qube } from "../model/model.ts";
import { upstream } from "../model/order.ts";
import { holdings } from "./holdings.ts";
import { markerPath } from "./paths.ts";

/** The word by which qvm.prefs takes a net qube away. */
export const NO_NETVM = "none";

/** What a template's `if` takes for absent, and only that. */
const absent: false = false;

/**
 * A qube as `dom0/qubes.sls` shows it; `manifest-dom0.ts` says the same to the dom0 commands. Figures that go into shell commands are texts, so
 * that a 0 is not taken for an absent one.
 */
export function qubeView(qube: Qube, model: Model) {
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
    pool: vm.pool ?? absent,
    leftToUser: left ? left.why : absent,
    firewall: firewallOf(qube),
    netvm: netvm?.name ?? NO_NETVM,
    networkWhy: networkReason(qube, left !== undefined),
    providesNetwork: role.providesNetwork === true,
    upstream: upstream(qube)?.name ?? absent,
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
    qrexecTimeout: vm.qrexec_timeout?.value ?? absent,
    qrexecTimeoutWhy: vm.qrexec_timeout ? reason("qrexec-timeout", vm.qrexec_timeout) : absent,
    ip: ip?.value ?? absent,
    ipWhy: ip ? reason("ip", ip) : absent,
    enabled: held.services,
    disabled: held.disabled,
    menu: vm.menu_items.value.join(" "),
    menuWhy: reason("menu-items", vm.menu_items),
    features: Object.entries(vm.features).map(([key, value]) => ({ key, value })),
    tags: vm.tags,
    volume: vm.privateBytes ? String(vm.privateBytes.value) : absent,
    volumeWhy: vm.privateBytes ? reason("private volume, in bytes", vm.privateBytes) : absent,
    revisions: vm.revisions_to_keep ? String(vm.revisions_to_keep.value) : absent,
    revisionsWhy: vm.revisions_to_keep ? reason("revisions_to_keep", vm.revisions_to_keep) : absent,
    shutdownTimeout: vm.shutdown_timeout ? String(vm.shutdown_timeout.value) : absent,
    shutdownTimeoutWhy: vm.shutdown_timeout ? reason("shutdown_timeout", vm.shutdown_timeout) : absent,
  };
}

/** What dom0's firewall lets out of it, where it is not Tor that carries its traffic. The last line also drops DNS and ping. */
function firewallOf(qube: Qube) {
  const reached = qube.role.reaches?.(qube);
  if (!reached) return absent;
  const { host, port } = reached.value;
  const rules = [`action=accept proto=tcp dst4=${host}/32 dstports=${port}-${port}`, "action=drop"];
  return { rules, why: reached.why, source: reached.source };
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
