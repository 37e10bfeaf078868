// SPDX-License-Identifier: GPL-3.0-or-later
import type { Picture } from "./picture.ts";

/** The nodes in columns from left to right: whoever calls stands left of whom it calls. Deterministic: names decide where nothing else does. */
export function layersOf({ nodes, ways }: Picture): string[][] {
  const callees = new Map<string, Set<string>>(nodes.map(({ name }) => [name, new Set()]));
  for (const { from, to } of ways) if (from !== to) callees.get(from)?.add(to);
  const depth = new Map<string, number>();
  const visit = (name: string, path: ReadonlySet<string>): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    // A loop (none of ours has one) is cut where it closes.
    const below = [...(callees.get(name) ?? [])].filter((one) => !path.has(one));
    const own = below.length === 0 ? 0 : 1 + Math.max(...below.map((one) => visit(one, new Set([...path, name]))));
    depth.set(name, own);
    return own;
  };
  for (const { name } of nodes) visit(name, new Set([name]));
  const deepest = Math.max(0, ...depth.values());
  const columns = Array.from({ length: deepest + 1 }, (_, at) =>
    nodes.filter(({ name }) => depth.get(name) === deepest - at).map(({ name }) => name),
  );
  return ordered(columns, ways);
}

/** Each column in the order of what its nodes are joined to: fewer lines cross. */
function ordered(columns: string[][], ways: Picture["ways"]): string[][] {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of ways) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  let best = columns;
  for (let round = 0; round < 8; round++) {
    const at = new Map(
      best.flatMap((column) => column.map((name, row) => [name, row / Math.max(1, column.length - 1)])),
    );
    const middle = (name: string) => {
      const rows = (neighbours.get(name) ?? []).map((one) => at.get(one) ?? 0.5);
      return rows.length === 0 ? (at.get(name) ?? 0.5) : rows.reduce((a, b) => a + b, 0) / rows.length;
    };
    best = best.map((column) => column.toSorted((a, b) => middle(a) - middle(b) || (a < b ? -1 : 1)));
  }
  return best;
}
