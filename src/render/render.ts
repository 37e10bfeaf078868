// SPDX-License-Identifier: GPL-3.0-or-later
import install from "../../formulas/dom0/install.sh";
import rotateSecrets from "../../formulas/dom0/rotate-secrets.py";
import selftestProbe from "../../formulas/dom0/selftest-probe.py";
import selftest from "../../formulas/dom0/selftest.py";
import start from "../../formulas/dom0/start.py";
import uninstall from "../../formulas/dom0/uninstall.sh";
import { Outcome } from "../kernel/outcome.ts";
import { plant, type Tree } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";
import { renderDom0 } from "./dom0.ts";
import { dom0Commands } from "./dom0-commands.ts";
import { renderClone, renderQube } from "./machines.ts";
import { seal } from "./manifest.ts";
import { renderRunbook } from "./runbook.ts";

/** Model → Tree: everything that dom0 and the qubes will read, in memory. */
export function render(model: Model): Outcome<{ model: Model; tree: Tree }> {
  const tree = plant([
    ["README.md", { text: renderRunbook(model), mode: "0644" }],
    ["install.sh", { text: install, mode: "0755" }],
    ["uninstall.sh", { text: uninstall, mode: "0755" }],
    ["rotate-secrets", { text: rotateSecrets, mode: "0755" }],
    ["selftest", { text: selftest, mode: "0755" }],
    ["selftest-probe", { text: selftestProbe, mode: "0644" }],
    ["start", { text: start, mode: "0755" }],
    ...dom0Commands(),
    ...renderDom0(model),
    ...model.templates.filter((template) => template.clone).flatMap((template) => renderClone(template, model)),
    ...model.qubes.flatMap((qube) => renderQube(qube, model)),
  ]);
  return new Outcome({ model, tree: seal(tree, model) });
}
