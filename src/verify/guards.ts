// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading, State } from "./reading.ts";

/**
 * What dom0 does is guarded: no command runs unconditionally, prefs are kept out of test mode (in which qvm.prefs writes all the same), every
 * state hangs on the ownership guard, and only qubes and templates of ours are touched. Modes are texts (Salt reads 0600 as the number 600).
 */
export function* guards({ states }: Reading, model: Model): Iterable<string> {
  const ours = new Set([...model.qubes, ...model.templates.filter((one) => one.clone)].map((one) => one.name));
  const guard = `${model.formula}-guard`;
  const dom0 = states.filter((state) => state.file.startsWith(paths(model.formula).dom0("").slice(0, -4)));
  const behindGuard = reaching(dom0, guard);

  for (const { file, id, fun, modes, conditional } of states) {
    if (fun === "cmd.run" && !conditional) yield `${file}: ${id} runs its command every time`;
    for (const mode of modes) {
      if (typeof mode !== "string") yield `${file}: ${id} has a mode that is not a text`;
      else if (!/^0[0-7]{3}$/.test(mode)) yield `${file}: ${id} has a mode that is not four octal digits`;
    }
    if (fun === "file.managed" && modes.length === 0) yield `${file}: ${id} leaves the mode to chance`;
  }
  for (const { file, id, fun, name, setsPrefs, skippedInTest } of dom0) {
    if (!id.startsWith(`${model.formula}-`)) yield `${file}: ${id} does not carry the formula's name`;
    if (!id.startsWith(guard) && !behindGuard.has(id)) yield `${file}: ${id} does not depend on ${guard}`;
    if (fun.startsWith("qvm.") && fun !== "qvm.template_installed" && !ours.has(name)) {
      yield `${file}: ${id} touches ${name}, which is not ours`;
    }
    if (setsPrefs && !skippedInTest) yield `${file}: ${id} would write prefs in test mode`;
  }
}

/** The IDs of all states that require the guard, directly or through others. */
function reaching(states: readonly State[], guard: string): Set<string> {
  const dependants = new Map<string, string[]>();
  for (const { id, requires } of states) {
    for (const requisite of requires) {
      const need = requisite.slice(requisite.indexOf(":") + 1);
      const list = dependants.get(need);
      if (list) list.push(id);
      else dependants.set(need, [id]);
    }
  }
  const reached = new Set<string>();
  const queue = [guard];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const next of dependants.get(id) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}
