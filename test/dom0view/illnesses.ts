// SPDX-License-Identifier: GPL-3.0-or-later
/** What can be wrong with a machine, a kind each, and what `doctor` must say of it: its level and the words that name it. */
import type { Dom0World } from "./bench.ts";

export interface Illness {
  readonly name: string;
  /** A command in dom0, or a change of what qubesd has stored. */
  readonly make: string | ((world: Dom0World) => void);
  readonly level: "bad" | "warn";
  readonly says: RegExp;
}

const policy = "/etc/qubes/policy.d";
const set = (name: string, properties: object) => (world: Dom0World) =>
  void Object.assign(world.qubes[name]?.properties ?? {}, properties);
const globally = (values: object) => (world: Dom0World) => void Object.assign(world.globals, values);

export const illnesses: readonly Illness[] = [
  {
    name: "another release of Qubes",
    make: "echo 'Qubes release 4.2.4 (R4.2)' >/etc/qubes-release",
    level: "bad",
    says: /this is Qubes OS R4\.2, the tree is for R4\.3/,
  },
  { name: "no Qubes at all", make: "rm /etc/qubes-release", level: "bad", says: /does not say which release/ },
  {
    name: "an old Salt",
    make: (world) => void (world["salt"] = "3000.3 (Neon)"),
    level: "warn",
    says: /Salt 3000\.3 .* no line/,
  },
  {
    name: "a Salt that does not answer",
    make: (world) => void (world["salt"] = "?"),
    level: "bad",
    says: /salt-call does not answer/,
  },
  {
    name: "no management disposable",
    make: globally({ management_dispvm: null }),
    level: "bad",
    says: /management_dispvm of the machine is not set/,
  },
  {
    name: "a management disposable for one template",
    make: set("whonix-workstation-18", { management_dispvm: null }),
    level: "bad",
    says: /management_dispvm of whonix-workstation-18 is not set/,
  },
  {
    name: "a management disposable that is none",
    make: set("default-mgmt-dvm", { template_for_dispvms: false }),
    level: "bad",
    says: /is no template of disposables/,
  },
  {
    name: "a management template without Qubes' Salt connector",
    make: (world) => void delete world.qubes["fedora-42-xfce"]?.features["supported-rpc.qubes.SaltLinuxVM"],
    level: "bad",
    says: /does not offer qubes\.SaltLinuxVM/,
  },
  {
    name: "a management template that tells nothing",
    make: (world) => {
      for (const key of Object.keys(world.qubes["fedora-42-xfce"]?.features ?? {}))
        if (key.startsWith("supported-rpc.")) delete world.qubes["fedora-42-xfce"]?.features[key];
    },
    level: "warn",
    says: /cannot be seen/,
  },
  {
    name: "a stock template that is missing",
    make: ({ qubes }) => {
      for (const one of ["anon-whonix", "whonix-workstation-18-dvm", "whonix-workstation-18"]) delete qubes[one];
    },
    level: "warn",
    says: /whonix-workstation-18 is not installed/,
  },
  {
    name: "a stock template that Whonix does not know",
    make: (world) => void delete world.qubes["whonix-workstation-18"]?.features["whonix-ws"],
    level: "bad",
    says: /never told dom0 that it is Whonix/,
  },
  {
    name: "updates that wait",
    make: (world) =>
      void Object.assign(world.qubes["whonix-workstation-18"]?.features ?? {}, { "updates-available": "1" }),
    level: "warn",
    says: /updates wait in whonix-workstation-18/,
  },
  {
    name: "a stock template that runs",
    make: (world) => void Object.assign(world.qubes["whonix-workstation-18"] ?? {}, { power_state: "Running" }),
    level: "warn",
    says: /whonix-workstation-18 runs/,
  },
  {
    name: "a stranger's qube of the wallet's name",
    make: "qvm-create -t debian-13-xfce -l red electrum-client",
    level: "bad",
    says: /electrum-client exists, was not made by this formula and is of another kind/,
  },
  {
    name: "a qube of the guides",
    make: "qvm-create -t whonix-workstation-18 -l red bitcoin-server",
    level: "bad",
    says: /to hand it over, .* qvm-tags bitcoin-server add qwbtc/,
  },
  {
    name: "a management disposable that was left",
    make: "qvm-create -t debian-13-xfce -l red disp-mgmt-electrum-client",
    level: "warn",
    says: /there is a qube disp-mgmt-electrum-client/,
  },
  {
    name: "sys-firewall behind Tor",
    make: set("sys-firewall", { netvm: "sys-whonix" }),
    level: "bad",
    says: /through sys-firewall, sys-whonix, and sys-whonix is a Whonix gateway/,
  },
  {
    name: "default_netvm behind Tor",
    make: globally({ default_netvm: "sys-whonix" }),
    level: "warn",
    says: /default_netvm is sys-whonix/,
  },
  {
    name: "a net qube that provides no network",
    make: set("sys-firewall", { provides_network: false }),
    level: "bad",
    says: /sys-firewall, the net qube of sys-bitcoin, sys-joinmarket, provides no network/,
  },
  {
    name: "updates that nobody lets through",
    make: `echo 'qubes.UpdatesProxy * @type:TemplateVM @anyvm deny' >${policy}/30-user.policy`,
    level: "bad",
    says: /no line of the policy lets these be updated: whonix-gateway-18, /,
  },
  {
    name: "Whonix updated outside of Tor",
    make: `echo 'qubes.UpdatesProxy * @type:TemplateVM @default allow target=sys-net' >${policy}/30-user.policy`,
    level: "bad",
    says: /sys-net is no Whonix gateway/,
  },
  {
    name: "updates through a qube that is gone",
    make: `echo 'qubes.UpdatesProxy * @type:TemplateVM @default allow target=sys-wonix' >${policy}/30-user.policy`,
    level: "bad",
    says: /sys-wonix does not exist/,
  },
  {
    name: "a pool that is too small for ever",
    make: (world) => void (world["pool_sizes"] = { "vm-pool": [2 ** 39, 2 ** 35] }),
    level: "bad",
    says: /vm-pool has 480 GiB left of 512 GiB; the tree may come to take another 1\.3 TiB/,
  },
  {
    name: "a pool that is full",
    make: (world) => void (world["pool_sizes"] = { "vm-pool": [2 ** 42, 2 ** 42 - 2 ** 30] }),
    level: "warn",
    says: /vm-pool has 1 GiB left/,
  },
  {
    name: "too little memory",
    make: (world) => void (world["memory"] = 8000),
    level: "bad",
    says: /the machine has 8000 MiB, some 2880 beside dom0/,
  },
  {
    name: "memory for all but the largest",
    make: (world) => void (world["memory"] = 9500),
    level: "warn",
    says: /may grow to 5000/,
  },
];
