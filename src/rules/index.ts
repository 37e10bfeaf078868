// SPDX-License-Identifier: GPL-3.0-or-later
import { Outcome } from "../kernel/outcome.ts";
import type { Model } from "../model/model.ts";
import type { Rule } from "../model/role.ts";
import { meant, reasonsForNothing } from "./because.ts";
import { bridgesLeftToUser } from "./bridges-left-to-user.ts";
import { featuresLeaveOursAlone } from "./features-leave-ours-alone.ts";
import { formulaNameIsFree } from "./formula-name-is-free.ts";
import { gatewayServesSomebody } from "./gateway-serves-somebody.ts";
import { linkNamesFit } from "./link-names-fit.ts";
import { machineHasTheMemory } from "./machine-has-the-memory.ts";
import { memoryWithinMaxmem } from "./memory-within-maxmem.ts";
import { namesDifferEarly } from "./names-differ-early.ts";
import { namesAreFree } from "./names-are-free.ts";
import { platformFits } from "./platform-fits.ts";
import { portsAreUnique } from "./ports-are-unique.ts";
import { stockQubesAreWhatTheyAre } from "./stock-qubes-are-what-they-are.ts";
import { tagsAreOurs } from "./tags-are-ours.ts";
import { guardedSettings, settingsFitVersion } from "./settings-are-meant.ts";
import { releasesAreMaintained } from "./releases-are-maintained.ts";
import { softwareIsKnown } from "./software-is-known.ts";
import { volumesFitPools } from "./volumes-fit-pools.ts";
import { upstreamHasEnded } from "./upstream-has-ended.ts";

/** The rules that concern every role, in reading order; those of one role are its own. */
const rules: readonly Rule[] = [
  platformFits,
  formulaNameIsFree,
  namesAreFree,
  namesDifferEarly,
  stockQubesAreWhatTheyAre,
  gatewayServesSomebody,
  bridgesLeftToUser,
  portsAreUnique,
  linkNamesFit,
  memoryWithinMaxmem,
  machineHasTheMemory,
  featuresLeaveOursAlone,
  tagsAreOurs,
  upstreamHasEnded,
  releasesAreMaintained,
  softwareIsKnown,
  settingsFitVersion,
  guardedSettings,
  volumesFitPools,
];

/** Model → Model: every rule looks at it, and none changes it. */
export function audit(model: Model): Outcome<Model> {
  const ofRoles = new Set(model.qubes.flatMap((qube) => qube.role.rules ?? []));
  const findings = [...rules, ...ofRoles].flatMap((rule) => [...rule(model)]);
  const found = [...findings.map(meant), ...reasonsForNothing(model, findings)].map(({ path, part, make }) =>
    make(model.locate(path, part)),
  );
  const failed = !model.complete || found.some((one) => one.severity === "error");
  // While there are mistakes to mend, remarks on what is in order only stand in the way.
  return new Outcome(model, failed ? found.filter((one) => one.severity !== "note") : found);
}
