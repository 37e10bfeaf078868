// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";

/** A departure from a safe default that somebody meant: the audit shows it of the tree as long as the tree has it. */
export interface DepartureEntry {
  readonly qube: string;
  /** What is overridden, by the name that it has in `because`. */
  readonly key: string;
  /** Where the topology says so. */
  readonly at: string;
  /** What was chosen, where it is one value of a setting or key of that name. */
  readonly chosen?: string;
  readonly because: string;
}

/** The departures of a model, in C order. */
export function departuresIn({ qubes }: Model): readonly DepartureEntry[] {
  const all = qubes.flatMap(({ name, because, settings, own }) =>
    Object.entries(because).map(([key, reason]) => {
      const chosen = settings[key] ?? own[key];
      const plain = ["string", "number", "boolean"].includes(typeof chosen) || Array.isArray(chosen);
      return {
        qube: name,
        key,
        at: `qubes.${name}.because.${key}`,
        ...(plain && { chosen: String(chosen) }),
        because: reason,
      };
    }),
  );
  return all.toSorted((a, b) => inCOrder(a.at, b.at));
}
