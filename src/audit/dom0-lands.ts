// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFile, rootsFile, type Landing, type Lands } from "../model/lands.ts";
import { markerPath, powerOffPath } from "../render/paths.ts";

const marker = markerPath("{formula}", "{name}");

/**
 * Policy files of the formula, at whatever place in their order. They have another group, by which dom0's users may write them (qubes-core-qrexec);
 * that they land as they stand in the tree, rules/own-policy.ts looks at.
 */
const policies: readonly Landing[] = [
  { path: "/etc/qubes/policy.d/{port}-{formula}.policy", user: "root", mode: "0664" },
];

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
