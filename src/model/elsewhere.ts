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
    if (entry.netvm === undefined || role.netvm) return role;
    complain(noNetQube.at(locate([...path, "netvm"], "key"), role.name));
    return undefined;
  }
  const there = role.elsewhere?.[remote.over];
  if (there === undefined) throw new Error(`role ${role.name} is nowhere else`);
  if (typeof there === "string") {
    complain(say.wayRefused.at(locate([...path, "remote", "over"]), role.name, remote.over, there));
    return undefined;
  }
  const open = Object.entries(entry).filter(([key, value]) => value !== undefined && !KEPT.has(key));
  for (const [key] of open) complain(say.notElsewhere.at(locate([...path, key], "key"), key));
  if (entry.netvm === undefined) complain(missingKey.at(locate(path, "key"), "netvm", `the qube "${String(path[1])}"`));
  return open.length > 0 || entry.netvm === undefined ? undefined : there;
}
