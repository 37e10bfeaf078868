// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
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

/** The qubes that must run for a qube to be of use: its net qube, where it is ours, its servers, and gateways that expose it; by name. */
export function needsOf(qube: Qube): Qube[] {
  const net = upstream(qube);
  // A gateway does not need what it exposes: the server comes and goes behind its onion service.
  const servers = qube.uses.filter((link) => !link.onion).map((link) => link.server);
  const exposedBy = qube.serves.filter((link) => link.onion).map((link) => link.client);
  return [...new Set([...(net ? [net] : []), ...servers, ...exposedBy])].toSorted((a, b) => inCOrder(a.name, b.name));
}

/** Each qube after all that it needs, otherwise in the order given: the order in which people set a system up. */
export function inOrderOfNeed(qubes: readonly Qube[]): Qube[] {
  const ordered = new Set<Qube>();
  const visit = (qube: Qube): void => {
    if (ordered.has(qube)) return;
    needsOf(qube).forEach(visit);
    ordered.add(qube);
  };
  // What serves nobody comes last: a wallet is set up when all that it relies on is.
  for (const qube of qubes) if (qube.serves.length > 0 || qube.behind.length > 0) visit(qube);
  for (const qube of qubes) visit(qube);
  return [...ordered];
}
