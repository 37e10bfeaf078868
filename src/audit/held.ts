// SPDX-License-Identifier: GPL-3.0-or-later
import type { Facts } from "./facts.ts";
import type { Place } from "./states.ts";

/** One host and one port of it, as the compiler writes it: any other word, or another order, may mean more (Qubes documentation, firewall). */
const ACCEPT = /^action=accept proto=tcp dst4=((?:[0-9]{1,3}\.){3}[0-9]{1,3})\/32 dstports=([0-9]{1,5})-\2$/;

/** What stands last: without it all else is let through. */
const DROP = "action=drop";

/** The rules of a list for dom0's firewall that are none of the two forms of a tree of this kind, or stand where they should not. */
export function oddRules(rules: readonly string[]): readonly string[] {
  const odd = rules.filter((rule, at) => (at === rules.length - 1 ? rule !== DROP : !ACCEPT.test(rule)));
  return rules.length === 0 ? ["no rule at all"] : odd;
}

/** Whether dom0's firewall lets a qube reach named addresses and ports alone: whole hosts of one, no net, and a drop at the end. */
export function isHeld(name: string, { qubes }: Facts): boolean {
  const rules = qubes.get(name)?.firewall?.rules;
  return rules !== undefined && oddRules(rules).length === 0;
}

/** The hosts and ports that it lets a qube reach. */
export function hostsOf(name: string, { qubes }: Facts): (Place & { readonly address: string })[] {
  const firewall = qubes.get(name)?.firewall;
  return (firewall?.rules ?? []).flatMap((rule) => {
    const [, host, port] = ACCEPT.exec(rule) ?? [];
    const { file = "", line = 0 } = firewall?.at ?? {};
    return host === undefined ? [] : [{ address: `${host}:${port}`, file, line }];
  });
}
