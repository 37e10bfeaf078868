// SPDX-License-Identifier: GPL-3.0-or-later
import type { Unseen } from "../audit/unseen.ts";
import { printable } from "../kernel/printable.ts";

/** What no audit of a tree can see, for people; nothing where there is none. */
export function unseenText(all: readonly Unseen[]): string {
  if (all.length === 0) return "";
  const lines = all.map(({ qube, path }) => `  ${printable(qube)} ${printable(path)}`);
  return ["Not seen: files of your own, which the states make once and never look at again", ...lines, ""].join("\n");
}
