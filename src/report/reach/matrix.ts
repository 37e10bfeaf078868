// SPDX-License-Identifier: GPL-3.0-or-later
import { CLEARNET } from "../../audit/outward.ts";
import type { Pair } from "../../audit/pairs.ts";
import { TOR, type Way } from "../../audit/ways.ts";
import type { Crowd } from "./other-calls.ts";

/** More do not fit into eighty columns. */
const MOST = 18;

/** The sign of the strongest way there is; what a user must agree to comes last. */
const SIGNS: readonly (readonly [string, readonly Way["kind"][]])[] = [
  ["#", ["link"]],
  ["~", ["network", "onion"]],
  ["+", ["call", "clock"]],
  ["?", ["ask"]],
];

/** Who reaches whom at a glance: a row for each end that reaches, a column for each that is reached. Empty for more qubes than fit. */
export function matrix(pairs: readonly Pair[], { ours, strangers }: Crowd): string[] {
  if (ours.length > MOST || ours.length === 0) return [];
  const found = new Map<string, Pair["ways"]>();
  const groupOf = (name: string) => (strangers.includes(name) ? "others" : name);
  const known = new Set(ours);
  for (const { from, to, ways } of pairs) {
    if (!known.has(from) && !known.has(to)) continue;
    const key = `${groupOf(from)}\n${groupOf(to)}`;
    found.set(key, [...(found.get(key) ?? []), ...ways]);
  }
  const others = strangers.length > 0 ? ["others"] : [];
  const ends: [string, string][] = [
    ...ours.map((name, at): [string, string] => [name, String(at + 1)]),
    ...others.map((name): [string, string] => [name, "o"]),
    [TOR, "T"],
    [CLEARNET, "C"],
    ["dom0", "0"],
  ];
  const width = Math.max(...ends.map(([name]) => name.length));
  const row = (head: string, cells: readonly string[]) =>
    `  ${head}  ${cells.map((one) => one.padStart(2)).join("")}`.trimEnd();
  const label = (name: string, sign: string) => `${sign.padStart(2)} ${name.padEnd(width)}`;
  const cell = (from: string, to: string): string => {
    if (from === to && from !== "others") return "\\";
    const ways = found.get(`${from}\n${to}`);
    if (!ways) return " ";
    return SIGNS.find(([, kinds]) => ways.some(({ kind }) => kinds.includes(kind)))?.[0] ?? ".";
  };
  return [
    "Who (row) reaches whom (column):",
    row(
      label("", ""),
      ends.map(([, sign]) => sign),
    ),
    ...ends.map(([name, sign]) =>
      row(
        label(name, sign),
        ends.map(([to]) => cell(name, to)),
      ),
    ),
    "  # a port, ~ a network or an onion service, + other calls, ? if you say so,",
    "  . nothing, blank: not of this tree. A sign stands for those after it, too.",
  ];
}
