// SPDX-License-Identifier: GPL-3.0-or-later
import readme from "../../salt-templates/tree/README.md.hbs";
import { costs, DEFAULT_PRIVATE } from "../model/costs.ts";
import type { Model } from "../model/model.ts";
import { version } from "../version.ts";
import { policyNames } from "./paths.ts";
import { fill } from "./templates.ts";

/** The runbook of this very topology: what it makes and costs, the dom0 commands in order, what stays to be done by hand, how to see that it works. */
export function renderRunbook(model: Model): string {
  const { formula, platform, qubes } = model;
  const total = costs(model);
  const parts = qubes.map((qube) => qube.role.runbook?.(qube, model) ?? {});
  const names = policyNames(formula);
  return fill(readme, {
    formula,
    compiler: version,
    qubesRelease: platform.qubes,
    whonix: platform.whonix,
    qubes: qubes.map(({ name, role, template, netvm, vm }) => ({
      name,
      role: role.name,
      template: template.name,
      netvm: netvm?.name ?? "none",
      memory: vm.memory.value,
      maxmem: vm.maxmem.value,
      disk: gib(vm.privateBytes?.value ?? DEFAULT_PRIVATE),
    })),
    clones: model.templates.filter((one) => one.clone).map(({ name, stock }) => ({ name, stock })),
    costs: { ...total, disk: Math.round(total.disk / 2 ** 30) },
    links: model.links.map(({ client, server, service, port }) => ({
      client: client.name,
      server: server.name,
      service,
      port,
    })),
    networked: qubes.flatMap(({ name, netvm }) => (netvm ? [{ name, netvm: netvm.name }] : [])),
    policyLinks: names.links,
    policyEarly: names.early,
    byHand: parts.flatMap((one) => one.byHand ?? []).map(step),
    checks: parts.flatMap((one) => one.checks ?? []).map(step),
    backups: qubes.map(({ name, vm }) => ({
      name,
      verdict: vm.include_in_backups.value ? "in backups" : "not in backups",
      why: vm.include_in_backups.why,
    })),
  });
}

function step({ title, text, command, where }: { title: string; text: string; command?: string; where?: string }) {
  return { title, text, command: command ?? false, where: where ?? false };
}

/** Bytes for people. */
export function gib(bytes: number): string {
  return bytes >= 2 ** 30 ? `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
