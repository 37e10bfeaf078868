// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths, policyNames } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/** A qube whose role has no net qube gets none, and no disposable; and the early policy lets none act for it. */
export function* offline({ tree }: Reading, model: Model): Iterable<string> {
  const { formula } = model;
  const qubes = paths(formula).dom0("qubes");
  const states = tree.get(qubes)?.text ?? "";
  const early = paths(formula).file("dom0", `/etc/qubes/policy.d/${policyNames(formula).early}`);
  const policy = tree.get(early)?.text ?? "";
  for (const { name, role } of model.qubes) {
    const [, network = ""] = states.split(`\n"${formula}-network-${name}":\n`);
    const prefs = network.slice(0, network.indexOf("\n\n"));
    if (!prefs.includes('\n      - "default_dispvm": "none"\n')) yield `${qubes}: ${name} has a disposable`;
    if (role.netvm) continue;
    if (!prefs.includes('\n      - "netvm": "none"\n')) yield `${qubes}: ${name} is not without net qube`;
    for (const service of ["qubes.UpdatesProxy", "qubes.OpenURL", "qubes.OpenInVM", "qubes.StartApp"]) {
      if (!policy.includes(`\n${service} * ${name} @anyvm deny notify=no\n`))
        yield `${early}: ${name} may ask for ${service}`;
    }
  }
}
