// SPDX-License-Identifier: GPL-3.0-or-later
import type { Kind, Option } from "./option.ts";

type Rest<Facts> = Partial<Omit<Option<Facts>, "name" | "owner">>;

/** Makes the two kinds of entries that no topology may set, for the program whose documents are named. */
export function ownersFor<Facts>(source: string) {
  const base = { kind: { is: "flag" } satisfies Kind, default: "none", source };
  return {
    /** A setting that follows from other keys of the topology; `instead` says which. */
    follows: (name: string, instead: string, what: string, rest: Rest<Facts> = {}): Option<Facts> => ({
      ...base,
      what,
      ...rest,
      name,
      owner: "compiler",
      instead,
    }),
    /** A setting that nobody may choose, and why. */
    never: (name: string, refused: string, rest: Rest<Facts> = {}): Option<Facts> => ({
      ...base,
      what: refused,
      ...rest,
      name,
      owner: "never",
      refused,
    }),
  };
}
