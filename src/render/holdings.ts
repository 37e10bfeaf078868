// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../model/model.ts";
import type { Block, Directory, ManagedFile } from "../model/parts.ts";
import { everyQube } from "../whonix/every-qube.ts";
import { workstationFiles } from "../whonix/workstation.ts";
import { linkService } from "./links.ts";

/** All that a qube holds: what every qube does, what Whonix asks for, what its links need, and its role's own. */
export interface Holdings {
  readonly directories: readonly Directory[];
  readonly files: readonly ManagedFile[];
  readonly blocks: readonly Block[];
  readonly services: readonly string[];
  readonly disabled: readonly string[];
}

/** Puts a qube's parts together. */
export function holdings(qube: Qube, model: Model): Holdings {
  const own = qube.role.qube?.(qube, model) ?? {};
  const whonix = qube.role.os === "workstation" ? workstationFiles(qube, model.formula) : [];
  const links = [...new Set(qube.uses.map((link) => linkService(model.formula, link.port)))];
  return {
    directories: own.directories ?? [],
    files: [...(everyQube.files ?? []), ...whonix, ...(own.files ?? [])],
    blocks: [...(everyQube.blocks ?? []), ...(own.blocks ?? [])],
    services: [...(own.services ?? []), ...links],
    disabled: [...(everyQube.disabled ?? []), ...(own.disabled ?? [])],
  };
}
