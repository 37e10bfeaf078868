// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths, policyNames } from "../render/paths.ts";
import type { Reading } from "./reading.ts";
import { stateTexts } from "./state-texts.ts";

/** What no qube of ours may have done for it by another: by their tag, and by name where there is no network. */
const OUTWARD = [
  "qubes.OpenURL",
  "qubes.OpenInVM",
  "qubes.StartApp",
  "qubes.VMShell",
  "qubes.VMExec",
  "qubes.VMExecGUI",
];

/** A qube whose role has no net qube gets none, and no disposable; and the early policy lets none act for it. */
export function* offline({ tree }: Reading, model: Model): Iterable<string> {
  const { formula } = model;
  const qubes = paths(formula).dom0("qubes");
  const states = stateTexts({ tree }, model, "network");
  const early = paths(formula).file("dom0", `/etc/qubes/policy.d/${policyNames(formula).early}`);
  // Of a large system nearly all lines are about other services.
  const lines = (tree.get(early)?.text ?? "").matchAll(/^qubes\..*$/gm);
  const policy = new Set(Array.from(lines, ([line]) => line));
  for (const service of OUTWARD) {
    const line = `${service} * @tag:${formula} @anyvm deny notify=no`;
    if (!policy.has(line)) yield `${early}: qubes of this formula may ask for ${service}`;
  }
  for (const { name, role } of model.qubes) {
    const prefs = states.get(name) ?? "";
    if (!prefs.includes('\n      - "default_dispvm": "none"\n')) yield `${qubes}: ${name} has a disposable`;
    if (role.netvm) continue;
    if (!prefs.includes('\n      - "netvm": "none"\n')) yield `${qubes}: ${name} is not without net qube`;
    for (const service of ["qubes.UpdatesProxy", ...OUTWARD]) {
      if (!policy.has(`${service} * ${name} @anyvm deny notify=no`)) yield `${early}: ${name} may ask for ${service}`;
    }
    for (const service of ["qubes.OpenURL", "qubes.OpenInVM"]) {
      if (!policy.has(`${service} * @anyvm ${name} deny notify=no`))
        yield `${early}: others may use ${service} in ${name}`;
    }
  }
}
