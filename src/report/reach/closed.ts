// SPDX-License-Identifier: GPL-3.0-or-later
import { CLEARNET, type Denied } from "../../audit/outward.ts";
import type { Pair } from "../../audit/pairs.ts";
import type { Place } from "../../audit/states.ts";
import { TOR } from "../../audit/ways.ts";
import { wrapped } from "../wrapped.ts";
import type { Crowd } from "./other-calls.ts";

/** More than these would hide what matters; the rest is in the JSON. */
const MOST = 20;

/** For each qube what is closed, and which line of a policy or which state closes it. */
export function closed(pairs: readonly Pair[], { ours }: Crowd): string[] {
  if (ours.length > MOST)
    return [`What is closed between ${ours.length} qubes, and by which line: --format json, and explain QUBE:PORT.`];
  const lines = ours.flatMap((name) => {
    const out = pairs.filter(({ from }) => from === name);
    const into = pairs.filter(({ to }) => to === name);
    return [
      name,
      ...answers("dials nothing else:", out, (lines) => lines),
      // A call that names no qube is answered by the same lines whomever it was meant for.
      ...answers("nobody else dials it:", into, (lines) => lines.slice(0, 1)),
      ...outsides(out, into),
    ];
  });
  return lines.length > 0 ? ["Closed, and by what:", ...lines.map((one) => `  ${one}`)] : [];
}

type Lines = NonNullable<Denied["lines"]>;

/** The lines that answer every other call, those first that answer for most qubes. */
function answers(title: string, pairs: readonly Pair[], which: (lines: Lines) => Lines): string[] {
  const count = new Map<string, number>();
  for (const { rest } of pairs)
    for (const line of which(rest?.lines ?? [])) {
      const text = `${line.text} (${placeText(line)})`;
      count.set(text, (count.get(text) ?? 0) + 1);
    }
  if (count.size === 0) {
    const why = new Set(pairs.flatMap(({ rest }) => rest?.why ?? []));
    return why.size === 0 ? [] : [`  ${title} ${[...why].join("; ")}`];
  }
  const sorted = [...count].toSorted(([, a], [, b]) => b - a).map(([text]) => text);
  const more = sorted.length > 2 ? [`    and ${sorted.length - 2} more`] : [];
  return [`  ${title}`, ...sorted.slice(0, 2).map((text) => `    ${text}`), ...more];
}

/** The networks: all at once for a qube that has none, in or out. */
function outsides(out: readonly Pair[], into: readonly Pair[]): string[] {
  const rows = [
    ["no Tor", out.find(({ to }) => to === TOR)?.denied],
    ["no clearnet", out.find(({ to }) => to === CLEARNET)?.denied],
    ["nothing in by Tor", into.find(({ from }) => from === TOR)?.denied],
    ["nothing in by the clearnet", into.find(({ from }) => from === CLEARNET)?.denied],
  ] as const;
  const shut = rows.flatMap(([what, denied]) => (denied ? [[what, denied] as const] : []));
  const [, , tor] = rows;
  const where = (denied: Denied) => (denied.by ? ` (${placeText(denied.by)})` : "");
  if (
    shut.length === rows.length &&
    tor[1] &&
    new Set(shut.map(([, { by }]) => by?.line)).size === 1 &&
    out.every(({ ways }) => ways.every(({ kind }) => kind !== "network"))
  )
    return wrapped(`no network, in or out: ${tor[1].why}${where(tor[1])}`, "  ", 78);
  return shut.flatMap(([what, denied]) => wrapped(`${what}: ${denied.why}${where(denied)}`, "  ", 78));
}

/** A place by its file's name: the audit's own output has the paths. */
function placeText({ file, line }: Place): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return line > 0 ? `${name}:${line}` : name;
}
