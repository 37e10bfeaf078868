// SPDX-License-Identifier: GPL-3.0-or-later
/** What hands do to an applied system of the seed, a kind each, and what `plan` must say of it. */
import type { Dom0World, Held } from "./bench.ts";

interface Drift {
  readonly name: string;
  /** A command in dom0, or a change of what qubesd has stored. */
  readonly drift: string | ((world: Dom0World) => void);
  readonly finds: readonly string[];
  /** Not together with others: it stops an apply, or takes away what another changes. */
  readonly alone?: true;
}

const held = (world: Dom0World, name: string): Held => {
  const qube = world.qubes[name];
  if (!qube) throw new Error(`no qube ${name}`);
  return qube;
};

const early = "/etc/qubes/policy.d/45-qwbtc.policy";
const powerOff = "/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf";
const links = "/etc/qubes/policy.d/80-qwbtc.policy";

export const drifts: readonly Drift[] = [
  {
    name: "another net qube",
    drift: "qvm-prefs bitcoin-server netvm sys-firewall",
    finds: ["bitcoin-server netvm: sys-firewall -> sys-bitcoin"],
  },
  {
    name: "a net qube where none may be",
    drift: "qvm-prefs electrum-client netvm sys-firewall",
    finds: ["electrum-client netvm: sys-firewall -> none"],
  },
  {
    name: "a default net qube where none may be",
    drift: "qvm-prefs -D joinmarket-client netvm",
    finds: ["joinmarket-client netvm: sys-firewall -> none"],
  },
  {
    name: "a disposable template",
    drift: "qvm-prefs electrum-client default_dispvm whonix-workstation-18-dvm",
    finds: ["electrum-client default_dispvm: whonix-workstation-18-dvm -> none"],
  },
  {
    name: "a wallet that provides network",
    drift: "qvm-prefs electrum-client provides_network True",
    finds: ["electrum-client provides_network: True -> False"],
  },
  {
    name: "another template",
    drift: "qvm-prefs electrum-server template whonix-workstation-18",
    finds: ["electrum-server template: whonix-workstation-18 -> qwbtc-ws-fulcrum"],
  },
  {
    name: "another label",
    drift: "qvm-prefs electrum-server label blue",
    finds: ["electrum-server label: blue -> red"],
  },
  { name: "less memory", drift: "qvm-prefs bitcoin-server memory 500", finds: ["bitcoin-server memory: 500 -> 1000"] },
  {
    name: "another maxmem",
    drift: "qvm-prefs bitcoin-server maxmem 8000",
    finds: ["bitcoin-server maxmem: 8000 -> 4000"],
  },
  { name: "other vcpus", drift: "qvm-prefs electrum-server vcpus 1", finds: ["electrum-server vcpus: 1 -> 2"] },
  {
    name: "autostart",
    drift: "qvm-prefs sys-joinmarket autostart True",
    finds: ["sys-joinmarket autostart: True -> False"],
  },
  {
    name: "a backup that is not meant",
    drift: "qvm-prefs electrum-server include_in_backups True",
    finds: ["electrum-server include_in_backups: True -> False"],
  },
  {
    name: "a wallet that is left out of backups",
    drift: "qvm-prefs joinmarket-client include_in_backups False",
    finds: ["joinmarket-client include_in_backups: False -> True"],
  },
  {
    name: "another qrexec timeout",
    drift: "qvm-prefs electrum-server qrexec_timeout 60",
    finds: ["electrum-server qrexec_timeout: 60 -> 300"],
  },
  {
    name: "a shutdown timeout that kills the node",
    drift: "qvm-prefs -D bitcoin-server shutdown_timeout",
    finds: ["bitcoin-server shutdown_timeout: 60 -> 900"],
  },
  {
    name: "a value that is right by default alone",
    drift: (world) => void delete held(world, "electrum-client").properties["memory"],
    finds: ["electrum-client memory: 400 -> 400"],
  },
  {
    name: "a service that was switched off",
    drift: "qvm-service bitcoin-server qwbtc-bitcoind off",
    finds: ["bitcoin-server qwbtc-bitcoind: off -> on"],
  },
  {
    name: "a link that was forgotten",
    drift: "qvm-service -D electrum-server qwbtc-tcp-8433",
    finds: ["electrum-server qwbtc-tcp-8433: not set -> on"],
  },
  {
    name: "a service that was switched on",
    drift: "qvm-service joinmarket-client cups on",
    finds: ["joinmarket-client cups: on -> off"],
  },
  { name: "IPv6", drift: "qvm-features joinmarket-server ipv6 1", finds: ["joinmarket-server ipv6: 1 -> off"] },
  {
    name: "another menu",
    drift: "qvm-features electrum-server menu-items x.desktop",
    finds: ["electrum-server menu-items: x.desktop -> qubes-run-terminal.desktop"],
  },
  {
    name: "a menu that was forgotten",
    drift: (world) => void delete held(world, "sys-bitcoin").features["menu-items"],
    finds: ["sys-bitcoin menu-items: not set -> qubes-run-terminal.desktop sdwdate-gui.desktop"],
  },
  {
    name: "a chain volume that was made anew",
    drift: (world) => void Object.assign(held(world, "bitcoin-server").volumes["private"] ?? {}, { size: 2 ** 31 }),
    finds: ["bitcoin-server private: 2 GiB -> 1000 GiB"],
  },
  {
    name: "revisions of a chain volume",
    drift: "qvm-volume config electrum-server:private revisions_to_keep 2",
    finds: ["electrum-server revisions_to_keep: 2 -> 0"],
  },
  {
    name: "a template clone in backups",
    drift: "qvm-prefs qwbtc-ws-fulcrum include_in_backups True",
    finds: ["qwbtc-ws-fulcrum include_in_backups: True -> False"],
  },
  {
    name: "a template clone of another colour",
    drift: "qvm-prefs qwbtc-ws-fulcrum label red",
    finds: ["qwbtc-ws-fulcrum label: red -> black"],
  },
  {
    name: "a line gone from a policy",
    drift: `sed -i /8433/d ${links}`,
    finds: ["80-qwbtc.policy file: other rules or words -> as in this tree, 13 rules"],
  },
  {
    name: "a line added to a policy",
    drift: `echo 'qubes.VMShell * vault electrum-client allow' >>${early}`,
    finds: ["45-qwbtc.policy file: other rules or words -> as in this tree, 170 rules"],
  },
  {
    name: "a policy that only root can change",
    drift: `chmod 0600 ${early}`,
    finds: ["45-qwbtc.policy owner and mode: root:qubes 0600 -> root:qubes 0664"],
  },
  {
    name: "a policy of another group",
    drift: `chgrp root ${links}`,
    finds: ["80-qwbtc.policy owner and mode: root:root 0664 -> root:qubes 0664"],
  },
  {
    name: "a policy that is gone",
    drift: `rm ${links}`,
    finds: ["80-qwbtc.policy file: missing -> written, 13 rules"],
    alone: true,
  },
  {
    name: "another time for powering off",
    drift: `sed -i s/TimeoutStopSec=.*/TimeoutStopSec=3/ ${powerOff}`,
    finds: ["qubes-core.service.d/50-qwbtc.conf file: other words -> as in this tree"],
  },
  {
    name: "a time for powering off that only root can read",
    drift: `chmod 0600 ${powerOff}`,
    finds: ["qubes-core.service.d/50-qwbtc.conf owner and mode: root:root 0600 -> root:root 0644"],
  },
  {
    name: "the time for powering off gone",
    drift: `rm ${powerOff}`,
    finds: ["qubes-core.service.d/50-qwbtc.conf file: missing -> written"],
    alone: true,
  },
  {
    name: "a qube that was removed",
    drift: "qvm-remove -f joinmarket-client",
    finds: [
      "joinmarket-client qube: missing -> from qwbtc-ws-jm-wallet, black, no net qube, 400 to 800 MiB of memory, a private volume of Qubes' default size",
    ],
    alone: true,
  },
];
