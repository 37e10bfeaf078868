// SPDX-License-Identifier: GPL-3.0-or-later
import type { Holds } from "../model/holds.ts";
import type { Model, Qube } from "../model/model.ts";

/** What a qube holds, and whether Qubes' backup takes it in: for `uninstall.sh`, which says both before it removes anything. */
export interface HoldsEntry extends Holds {
  readonly in_backups: boolean;
}

/** What MANIFEST.json says of the worth of a qube. */
export function holdsOf(qube: Qube, model: Model): HoldsEntry {
  return { ...qube.role.holds(qube, model), in_backups: qube.vm.include_in_backups.value };
}
