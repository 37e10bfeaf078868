// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "./model.ts";

/**
 * Net qubes before the qubes behind them (qubesd refuses a net qube that does not provide network yet), otherwise in the order given. A loop
 * is returned with its members in the order of their dependence.
 */
export function orderByNetvm(qubes: readonly Qube[]): { ordered: Qube[]; loop?: Qube[] } {
  const ordered = new Set<Qube>();
  let loop: Qube[] | undefined;
  for (const qube of qubes) {
    const chain: Qube[] = [];
    for (let next: Qube | undefined = qube; next && !ordered.has(next); next = upstream(next)) {
      const seen = chain.indexOf(next);
      if (seen !== -1) {
        loop ??= chain.slice(seen);
        break;
      }
      chain.push(next);
    }
    for (const one of chain.toReversed()) ordered.add(one);
  }
  return loop ? { ordered: [...ordered], loop } : { ordered: [...ordered] };
}

/** The net qube, where it is one of ours. */
export function upstream(qube: Qube): Qube | undefined {
  return qube.netvm && "qube" in qube.netvm ? qube.netvm.qube : undefined;
}
