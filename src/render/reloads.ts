// SPDX-License-Identifier: GPL-3.0-or-later
import tool from "../../formulas/every-qube/told.py";
import type { ManagedFile, Reload } from "../model/parts.ts";
import { shell, word } from "./escapes.ts";

/** Where the command lies that notes of what a program was told. */
const TOLD_TOOL = "/usr/local/lib/qwbtc-salt/told";
/** Where the notes lie; the name stands in the command as well. */
const NOTES = "/run/qwbtc-salt/told";

/** The command itself. */
export const toldTool: ManagedFile = {
  path: TOLD_TOOL,
  content: { verbatim: tool },
  user: "root",
  group: "root",
  mode: "0755",
  dirMode: "0755",
  why: "Notes of which files a running program was told, so that one that could not be told is told by the next apply.",
};

/** What is looked after by a state that has a reload. */
export interface Watched {
  readonly kind: "secret" | "file" | "absent" | "prune";
  readonly path: string;
  /** Which files the program reads there, where that is not the path itself. */
  readonly pattern?: string;
  readonly reload?: Reload | undefined;
}

/**
 * The reloads, each once, with the states that it comes after. `onchanges` alone would forget one that failed, or that a failure of another state
 * kept from running: the next apply changes nothing. So what was told is noted, and compared.
 */
export function reloadViews(all: readonly Watched[]) {
  const found = new Map<string, { reload: Reload; on: Watched[] }>();
  for (const one of all) {
    if (!one.reload) continue;
    const known = found.get(one.reload.id) ?? { reload: one.reload, on: [] };
    known.on.push(one);
    found.set(one.reload.id, known);
  }
  return [...found.values()].map(({ reload: { id, command, why }, on }) => {
    const patterns = [...new Set(on.map(({ path, pattern = path }) => pattern))];
    const files = patterns.map((one) => (one.includes("*") ? shell(one) : word(one))).join(" ");
    return {
      key: id,
      why,
      forget: `rm -f ${NOTES}/${word(id)}`,
      tell: `{ ${command}; } && ${TOLD_TOOL} ${word(id)} ${files}`,
      told: `${TOLD_TOOL} --check ${word(id)} ${files}`,
      tool: TOLD_TOOL,
      on: on.map(({ kind, path }) => ({ module: kind === "prune" ? "cmd" : "file", kind, path })),
    };
  });
}
