// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../model/model.ts";
import { bringIn } from "./bring-in.ts";

/** What the runbook needs to say how a tree comes into dom0, what of it is backed up, and how it goes. */
export function comingAndGoing(model: Model) {
  const { formula } = model;
  const qubes = [...model.qubes].map((qube) => ({ qube, ...qube.role.holds(qube, model) }));
  return {
    bringIn: bringIn({ formula, path: `/home/user/${formula}.tar`, digest: "DIGEST" }),
    wallets: namesOf(
      qubes.filter(({ qube, what }) => what === "keys" && !qube.role.providesNetwork),
      ", ",
    ),
    guarded: namesOf(
      qubes.filter(({ what }) => what !== "nothing"),
      ", ",
    ),
    kept: namesOf(qubes.filter(({ qube }) => qube.vm.include_in_backups.value)),
  };
}

/** The names of qubes in one text; false, for templates, if there are none. */
export function namesOf(qubes: readonly { readonly qube: Pick<Qube, "name"> }[], between = " "): string | false {
  return qubes.length > 0
    ? qubes
        .map(({ qube }) => qube.name)
        .toSorted()
        .join(between)
    : false;
}
