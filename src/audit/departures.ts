// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic, Span } from "../kernel/diagnostic.ts";
import { message } from "../kernel/message.ts";
import type { Tree } from "../kernel/tree.ts";
import type { DepartureEntry } from "../render/manifest-departures.ts";

/** A departure from a safe default, as a tree's MANIFEST.json tells of it. */
export type Departure = DepartureEntry;

const meant = message("QB790", {
  severity: "note",
  title: "A departure from what is safe, for a reason that the tree gives",
  say: (what: string, reason: string) => `${what} (because: ${reason})`,
  why: "Whoever wrote the topology chose it and gave a reason. It is shown for as long as it is there, and the reason is theirs, not ours.",
  fix: "Nothing, as long as the reason holds for you. Take both out of the topology when it does not.",
});

/** The code of that note. */
export const MEANT = meant.code;

/** All that a tree says of departures; nothing where its MANIFEST.json has no such part, or is none of ours. */
export function departuresOf(tree: Tree): readonly Departure[] {
  const { departures } = manifest(tree);
  return (Array.isArray(departures) ? departures : []).flatMap((one: unknown) => {
    const { qube, key, at, because, chosen } = (one ?? {}) as Record<string, unknown>;
    if (typeof qube !== "string" || typeof key !== "string" || typeof because !== "string" || because.trim() === "")
      return [];
    const where = typeof at === "string" ? at : `${qube}: ${key}`;
    return [{ qube, key, at: where, because, ...(typeof chosen === "string" && { chosen }) }];
  });
}

function manifest(tree: Tree): { readonly departures?: unknown } {
  try {
    const read: unknown = JSON.parse(tree.get("MANIFEST.json")?.text ?? "{}");
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}

/** A finding, or the note that it becomes where the tree gives a reason for this of one of these qubes. A reason hides nothing. */
export function unlessMeant(
  found: Diagnostic,
  tree: Tree,
  key: string | undefined,
  ...qubes: readonly string[]
): Diagnostic {
  const given = departuresOf(tree).find((one) => one.key === key && qubes.includes(one.qube));
  return given ? meant.at(found.span as Span | undefined, found.say, given.because) : found;
}
