// SPDX-License-Identifier: GPL-3.0-or-later
import readme from "../../salt-templates/tree/README.md.hbs";
import { costs, DEFAULT_PRIVATE } from "../model/costs.ts";
import type { Model, OnionService, Qube } from "../model/model.ts";
import { remoteOf } from "../model/remote.ts";
import { inOrderOfNeed } from "../model/order.ts";
import type { RunbookStep } from "../model/role.ts";
import { version } from "../version.ts";
import { comingAndGoing, namesOf } from "./coming-and-going.ts";
import { diagram } from "./diagram.ts";
import { holdings } from "./holdings.ts";
import { policyNames } from "./paths.ts";
import { secretsIn } from "./manifest-secrets.ts";
import { askedOf } from "./secrets.ts";
import { fill } from "./templates.ts";

/** The runbook of this very topology: what it makes and costs, the dom0 commands in order, what stays to be done by hand, how to see that it works. */
export function renderRunbook(model: Model): string {
  const { formula, platform } = model;
  const qubes = inOrderOfNeed(model.qubes);
  const parts = qubes.map((qube) => ({ qube, ...qube.role.runbook?.(qube, model) }));
  const names = policyNames(formula);
  const ended = new Map(qubes.flatMap(({ role }) => (role.ended ? [[role.ended.value, role.ended]] : [])));
  const start = startExample(qubes, new Set(parts.flatMap(({ qube, takes }) => (takes === undefined ? [] : [qube]))));
  const secrets = qubes.flatMap((qube) => holdings(qube, model).secrets.map((one) => ({ name: qube.name, ...one })));
  const asked = askedOf(secretsIn(model));
  return fill(readme, {
    formula,
    compiler: version,
    qubesRelease: platform.qubes,
    whonix: platform.whonix,
    ended: [...ended.values()],
    diagram: diagram(model),
    qubes: qubes.map(row),
    stock: [...new Set(model.templates.map(({ stock }) => stock))].toSorted(),
    clones: model.templates.filter((one) => one.clone).map(({ name, stock }) => ({ name, stock })),
    withMenu: model.templates.filter(({ parts }) => parts.menu !== undefined).map(({ name }) => name),
    costs: { ...costs(model), disk: Math.round(costs(model).disk / 2 ** 30) },
    restarts: qubes.flatMap((qube) =>
      (qube.role.qube?.(qube, model).daemons ?? []).map(({ unit }) => ({ name: qube.name, unit })),
    ),
    forwards: qubes.filter((qube) => remoteOf(qube)).map(({ name }) => name),
    departures: qubes.flatMap(({ name, because }) =>
      Object.entries(because).map(([key, reason]) => ({ name, key, reason })),
    ),
    takes: parts.flatMap(({ takes }) => takes ?? []),
    links: model.links.map(({ client, server, service, port, local, named, onion }) => ({
      client: client.name,
      server: server.name,
      service,
      port,
      local: named ? String(local) : false,
      onion: onion ? `its onion service ${onion.name}, at which ${whoever(onion)} dial port ${onion.port}` : false,
    })),
    dialled: qubes.flatMap((qube) =>
      (qube.role.tor?.(qube).onionServices ?? []).map((onion) => ({
        name: qube.name,
        gateway: qube.netvm?.name,
        target: onion.target,
        who: whoever(onion),
        port: onion.port,
      })),
    ),
    startFirst: qubes
      .filter(({ role, template, behind }) => role.providesNetwork && template.clone && behind.length > 0)
      .filter((qube) => !qube.role.leftToUser?.(qube))
      .map(({ name }) => name),
    networked: qubes.flatMap((qube) =>
      qube.netvm && !qube.role.leftToUser?.(qube) ? [{ name: qube.name, netvm: qube.netvm.name }] : [],
    ),
    policyLinks: names.links,
    policyEarly: names.early,
    secrets,
    asked,
    rotates: secrets.find(({ client }) => client !== undefined)?.client ?? false,
    byHand: once(parts.flatMap((one) => one.byHand ?? [])).map(step),
    later: once(parts.flatMap((one) => one.later ?? [])).map(step),
    daemons: qubes.filter(({ role }) => role.daemon).map(({ name }) => name),
    ...start,
    hasGateway: qubes.some(({ role }) => role.os === "gateway"),
    checks: parts.flatMap((one) => one.checks ?? []).map(step),
    logs: parts.flatMap((one) => one.logs ?? []).map(step),
    ...comingAndGoing(model),
    restored: namesOf(parts.filter(({ restore = [] }) => restore.length > 0)),
    restore: parts.flatMap((one) => one.restore ?? []).map(step),
    backups: parts.map(({ qube: { name, vm }, backup }) => ({
      name,
      verdict: vm.include_in_backups.value ? "in Qubes' backup" : "not in Qubes' backup",
      why: backup ?? vm.include_in_backups.why,
    })),
  });
}

function row(qube: Qube) {
  const { name, role, template, netvm, vm } = qube;
  return {
    name,
    role: role.name,
    template: template.name,
    netvm: role.leftToUser?.(qube) ? `none yet (${netvm?.name ?? "yours"})` : (netvm?.name ?? "none"),
    memory: vm.memory.value,
    maxmem: vm.maxmem.value,
    disk: gib(vm.privateBytes?.value ?? DEFAULT_PRIVATE),
  };
}

/** A qube that is started for itself and not for others: a wallet. And one that may as well always run: what others wait for the longest. */
function startExample(qubes: readonly Qube[], takes: ReadonlySet<Qube>) {
  const wallet = qubes.find(({ role, uses }) => !role.daemon && uses.some((link) => !link.onion));
  const node = qubes.find(
    (one) => takes.has(one) && one.uses.length === 0 && !one.vm.autostart.value && !remoteOf(one),
  );
  return { wallet: wallet?.name ?? false, node: node?.name ?? false };
}

/** Who may dial an onion service. */
function whoever({ clients }: OnionService): string {
  return clients ? Object.keys(clients).join(", ") : "all who know its address";
}

/** Steps that several qubes have word for word stand once, where the first of them has it. */
function once(steps: readonly RunbookStep[]): RunbookStep[] {
  return steps.filter(
    (one, at) => steps.findIndex((other) => other.title === one.title && other.text === one.text) === at,
  );
}

function step({ title, text, command, where }: RunbookStep) {
  return { title, text: text.split("\n\n"), command: command?.split("\n") ?? false, where: where ?? false };
}

/** Bytes for people. */
export function gib(bytes: number): string {
  return bytes >= 2 ** 30 ? `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
