// SPDX-License-Identifier: GPL-3.0-or-later
import { bytesOf } from "../topology/scalars.ts";
import type { VmKeys } from "../topology/vm.ts";
import type { Explained, Vm, VmDefaults } from "./model.ts";

const never: Explained<boolean> = {
  value: false,
  why: "The user decides when it starts; for a node that always runs, set vm.autostart.",
  source: "qvm-prefs(1), autostart",
};

/** A role's defaults, with the menu entries that its template adds, and a topology's `vm:` over them. */
export function settle(defaults: VmDefaults, menu: readonly string[], keys: VmKeys | undefined): Vm {
  const pick = <T>(key: keyof VmKeys, fallback: Explained<T>): Explained<T> =>
    keys?.[key] === undefined ? fallback : chosen(key, keys[key] as T);
  const maybe = <T>(key: keyof VmKeys, fallback: Explained<T> | undefined): Explained<T> | undefined =>
    keys?.[key] === undefined ? fallback : chosen(key, keys[key] as T);

  const size = maybe<string>("private", defaults.private);
  return {
    label: pick("label", defaults.label),
    memory: pick("memory", defaults.memory),
    maxmem: pick("maxmem", defaults.maxmem),
    vcpus: pick("vcpus", defaults.vcpus),
    include_in_backups: pick("include_in_backups", defaults.include_in_backups),
    autostart: pick("autostart", defaults.autostart ?? never),
    qrexec_timeout: maybe("qrexec_timeout", defaults.qrexec_timeout),
    shutdown_timeout: maybe("shutdown_timeout", defaults.shutdown_timeout),
    privateBytes: size && { ...size, value: bytesOf(size.value) },
    revisions_to_keep: defaults.revisions_to_keep,
    pool: keys?.pool,
    menu_items: pick("menu_items", { ...defaults.menu_items, value: [...defaults.menu_items.value, ...menu] }),
    features: keys?.features ?? {},
    tags: keys?.tags ?? [],
  };
}

function chosen<T>(key: string, value: T): Explained<T> {
  return { value, why: `Chosen in the topology (vm.${key}).`, source: "the topology" };
}
