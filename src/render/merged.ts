// SPDX-License-Identifier: GPL-3.0-or-later
import tool from "../../formulas/every-qube/merge-json.py";
import type { ManagedFile, MergedJson } from "../model/parts.ts";

const root = { user: "root", group: "root", dirMode: "0755" };

/** Where the command that merges lies in a qube. */
export const MERGE_TOOL = "/usr/local/lib/qwbtc-salt/merge-json";

/** The command that sets keys in a program's own JSON file. */
export const mergeTool: ManagedFile = {
  ...root,
  path: MERGE_TOOL,
  content: { verbatim: tool },
  mode: "0755",
  why: "Sets our keys in a program's own JSON file, removes those of ours that are wanted no more, and keeps whatever else stands there.",
};

/** The file that holds the wanted keys. JSON has no comments: their reasons stand in the state that merges them. */
export function wantedKeys({ wanted, keys, path }: MergedJson): ManagedFile {
  const part = (unlessSet: boolean) =>
    Object.fromEntries(
      keys.filter((one) => (one.unlessSet ?? false) === unlessSet).map(({ key, value }) => [key, value]),
    );
  const values = { always: part(false), "unless set": part(true) };
  return {
    ...root,
    path: wanted,
    content: { verbatim: `${JSON.stringify(values, null, 4)}\n` },
    mode: "0644",
    why: `The keys that are set in ${path}; why, says the state below that merges them.`,
  };
}
