// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { publishedBy } from "../services.ts";

const lost = message("QB564", {
  severity: "warning",
  title: "a gateway holds keys of onion services and is not backed up",
  say: (name: string, services: readonly string[]) =>
    `"${name}" holds the keys of ${services.join(", ")}, and Qubes' backup leaves it out`,
  why: "An onion service's address is its key: once that is lost, nobody finds the service again, and everybody must be told a new address.",
  fix: "Remove include_in_backups, or keep the key elsewhere as the runbook says.",
  source: "tor(1), HiddenServiceDir",
});

/** Keys whose loss cannot be made good are in Qubes' backup. */
export function* keysAreKept(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    if (!qube.role.providesNetwork || qube.vm.include_in_backups.value) continue;
    const services = publishedBy(qube, model.formula).map(({ service }) => service.name);
    if (services.length > 0) yield finding(lost, [...qube.path, "vm", "include_in_backups"], qube.name, services);
  }
}
