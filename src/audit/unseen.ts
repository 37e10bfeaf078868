// SPDX-License-Identifier: GPL-3.0-or-later
import type { Audit } from "./finding.ts";

/** A file of a qube that the states make once, for its user, and never look at again. */
export interface Unseen {
  readonly qube: string;
  readonly path: string;
}

/** What no audit of a tree can see: files that are their user's from the first day, and which a program reads all the same. */
export function unseenIn({ facts }: Audit): Unseen[] {
  return facts.landed
    .filter(({ state }) => state.args.get("replace") === false)
    .map(({ machine, path }) => ({ qube: machine, path }));
}
