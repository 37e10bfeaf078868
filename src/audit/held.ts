// SPDX-License-Identifier: GPL-3.0-or-later
import type { Facts } from "./facts.ts";
import type { Place } from "./states.ts";

/** Whether dom0's firewall lets a qube reach named addresses and ports alone: whole hosts of one, no net, and a drop at the end. */
export function isHeld(name: string, { qubes }: Facts): boolean {
  const rules = qubes.get(name)?.firewall?.rules;
  if (!rules) return false;
  const accepts = rules.filter((rule) => rule.startsWith("action=accept"));
  const narrow = accepts.every(
    (rule) => / dst4=[0-9.]+\/32(?: |$)/.test(rule) && / dstports=[0-9]+-[0-9]+(?: |$)/.test(rule),
  );
  return narrow && rules.at(-1) === "action=drop";
}

/** The hosts and ports that it lets a qube reach. */
export function hostsOf(name: string, { qubes }: Facts): (Place & { readonly address: string })[] {
  const firewall = qubes.get(name)?.firewall;
  return (firewall?.rules ?? []).flatMap((rule) => {
    const [, host, port] = / dst4=([0-9.]+)\/32 dstports=([0-9]+)-/.exec(rule) ?? [];
    const { file = "", line = 0 } = firewall?.at ?? {};
    return host === undefined ? [] : [{ address: `${host}:${port}`, file, line }];
  });
}
