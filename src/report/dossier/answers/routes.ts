// SPDX-License-Identifier: GPL-3.0-or-later
import type { Way } from "../../../audit/ways.ts";
import type { Dossier } from "../dossier.ts";

/**
 * The shortest way from a qube to something that is none of ours, over what others may pass on: each step is allowed, and each qube on it would
 * have to be taken over, or made to carry what it should not. Nothing where there is none.
 */
export function routeOut(from: string, { ways, audit }: Dossier): readonly Way[] | undefined {
  const ours = new Set(audit.machine.ours.map(({ name }) => name));
  const seen = new Set([from]);
  let front: (readonly Way[])[] = [[]];
  while (front.length > 0) {
    const next: (readonly Way[])[] = [];
    for (const path of front) {
      const end = path.at(-1)?.to ?? from;
      for (const way of ways) {
        if (way.from !== end || way.kind === "onion") continue;
        if (!ours.has(way.to)) return [...path, way];
        if (seen.has(way.to)) continue;
        seen.add(way.to);
        next.push([...path, way]);
      }
    }
    front = next;
  }
  return undefined;
}
