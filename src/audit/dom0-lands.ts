// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFile, rootsFile, type Landing, type Lands } from "../model/lands.ts";
import { markerPath, policyNames, powerOffPath } from "../render/paths.ts";

const marker = markerPath("{formula}", "{name}");

/** dom0's policy files have another group, by which its users may write them (qubes-core-qrexec), which rules/own-policy.ts looks at. */
const policies = Object.values(policyNames("{formula}")).map((name): Landing => ({
  path: `/etc/qubes/policy.d/${name}`,
  user: "root",
  mode: "0664",
}));

/** What the states write in dom0. */
export const dom0Lands: Lands = {
  files: [
    ...policies,
    // systemd runs what a drop-in says as root, in dom0: it says how long to wait, and nothing else.
    rootsFile(powerOffPath("{formula}"), /^(?:\[Service\]|TimeoutStopSec=[0-9]+)$/),
    { ...ownFile("root", marker), lines: /^between creation and tag$/ },
  ],
  gone: [marker],
};

/** Units of a template, which bear the formula's name; what stands in one is read by the rules for units. */
export const UNITS: readonly Landing[] = ["{name}.service", "{name}@.service", "{name}.socket"].map((end) =>
  rootsFile(`/usr/lib/systemd/system/{formula}-${end.replace("{name}", "{client}")}`),
);
