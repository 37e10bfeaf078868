// SPDX-License-Identifier: GPL-3.0-or-later
import { linkService } from "../model/link-service.ts";
import type { Model, Qube } from "../model/model.ts";
import type {
  AbsentFile,
  Block,
  Daemon,
  Directory,
  ManagedFile,
  MergedJson,
  Pruned,
  SecretFile,
} from "../model/parts.ts";
import { everyQube } from "../whonix/every-qube.ts";
import { OFFLINE_SERVICES, workstationFiles } from "../whonix/workstation.ts";
import { inForce } from "./in-force.ts";
import { bringParts } from "./bring.ts";
import { blockTool } from "./own-block.ts";
import { toldTool } from "./reloads.ts";
import { mergeTool, wantedKeys } from "./merged.ts";

/** All that a qube holds: what every qube does, what Whonix asks for, what its links need, and its role's own. */
export interface Holdings {
  readonly directories: readonly Directory[];
  readonly secrets: readonly SecretFile[];
  readonly files: readonly ManagedFile[];
  readonly absent: readonly AbsentFile[];
  readonly pruned: readonly Pruned[];
  readonly merged: readonly MergedJson[];
  readonly blocks: readonly Block[];
  readonly daemons: readonly Daemon[];
  readonly services: readonly string[];
  readonly disabled: readonly string[];
}

/** A qube's holdings are asked for by its states, its secrets, the manifest and the runbook; a qube is of one model. */
const known = new WeakMap<Qube, Holdings>();

/** Puts a qube's parts together. */
export function holdings(qube: Qube, model: Model): Holdings {
  const found = known.get(qube) ?? together(qube, model);
  known.set(qube, found);
  return found;
}

function together(qube: Qube, model: Model): Holdings {
  const own = qube.role.qube?.(qube, model) ?? {};
  const workstation = qube.role.os === "workstation";
  const common = everyQube(qube.role.os);
  const whonix = workstation ? workstationFiles(qube, model.formula) : [];
  const merged = own.merged ?? [];
  const blocks = [...(common.blocks ?? []), ...(own.blocks ?? [])];
  const links = [...new Set(qube.uses.map((link) => linkService(model.formula, link)))];
  const brought = bringParts(qube, model.formula);
  const offline = workstation && !qube.netvm ? OFFLINE_SERVICES : [];
  const { directories = [], secrets = [], absent = [], pruned = [] } = own;
  const files = [...(common.files ?? []), ...whonix, ...(own.files ?? []), ...brought.files];
  const tells = [...directories, ...secrets, ...files, ...absent, ...pruned].some(({ reload }) => reload);
  return {
    directories,
    secrets,
    files: [
      ...files,
      ...(tells ? [toldTool] : []),
      ...(blocks.length > 0 ? [blockTool] : []),
      ...(merged.length > 0 ? [mergeTool] : []),
      ...merged.map(wantedKeys),
      ...inForce(own.daemons ?? []),
    ],
    absent,
    pruned,
    merged,
    blocks,
    daemons: own.daemons ?? [],
    services: [...(own.services ?? []), ...brought.services, ...links, ...offline],
    disabled: [...(common.disabled ?? []), ...(own.disabled ?? [])],
  };
}
