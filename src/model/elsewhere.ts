// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Locate, Path } from "../parse/document.ts";
import { missingKey, noNetQube } from "../topology/messages.ts";
import type { QubeEntry } from "../topology/topology.ts";
import * as say from "./messages.ts";
import type { Role } from "./role.ts";

interface Place {
  readonly path: Path;
  readonly locate: Locate;
  readonly complain: (diagnostic: Diagnostic) => void;
}

/** Keys that mean the program in the qube, and mean nothing where the server is elsewhere. `chain` and `version` say what it is there. */
const KEPT = new Set(["role", "netvm", "remote", "chain", "version", "vm", "because"]);

/** What a qube is: its role, or that role elsewhere; nothing where it cannot be that. */
export function roleOf(entry: QubeEntry, roles: readonly Role[], { path, locate, complain }: Place): Role | undefined {
  const role = roles.find((one) => one.name === entry.role) as Role;
  const { remote } = entry;
  if (!remote) {
    const stray = entry.netvm !== undefined && !role.netvm;
    if (stray) complain(noNetQube.at(locate([...path, "netvm"], "key"), role.name));
    const missing = role.elsewhere ? missingReferences(entry, role) : [];
    for (const key of missing) complain(missingKey.at(locate(path, "key"), key, `the qube "${String(path[1])}"`));
    return stray || missing.length > 0 ? undefined : role;
  }
  const there = role.elsewhere?.[remote.over];
  if (there === undefined) throw new Error(`role ${role.name} is nowhere else`);
  if (typeof there === "string") {
    complain(say.wayRefused.at(locate([...path, "remote", "over"]), role.name, remote.over, there));
    return undefined;
  }
  const open = Object.keys(entry).filter((key) => !KEPT.has(key) && isWritten(key, path, locate));
  for (const key of open) complain(say.notElsewhere.at(locate([...path, key], "key"), key));
  if (entry.netvm === undefined) complain(missingKey.at(locate(path, "key"), "netvm", `the qube "${String(path[1])}"`));
  return open.length > 0 || entry.netvm === undefined ? undefined : there;
}

/** The references that a server has to have where it runs here; the schema lets them be left out for the sake of `remote`. */
function missingReferences(entry: QubeEntry, { references = {} }: Role): string[] {
  return Object.keys(references).filter((key) => references[key]?.optional !== true && entry[key] === undefined);
}

/** Whether a key stands in the topology: a default of the schema has no place of its own, and `locate` gives that of the qube for it. */
function isWritten(key: string, path: Path, locate: Locate): boolean {
  const [own, qube] = [locate([...path, key], "key"), locate(path, "key")];
  return own.line !== qube.line || own.column !== qube.column;
}
