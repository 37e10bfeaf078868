// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Outcome } from "../kernel/outcome.ts";
import { inCOrder } from "../kernel/tree.ts";
import type { QubeEntry } from "../topology/topology.ts";
import type { Validated } from "../topology/validate.ts";
import { STOCK_QUBES, stockTemplate } from "./platform.ts";
import * as say from "./messages.ts";
import type { ExternalQube, Link, Model, Netvm, Qube, Template } from "./model.ts";
import { orderByNetvm } from "./order.ts";
import { linksOf, roleName } from "./references.ts";
import type { Role } from "./role.ts";
import { settle } from "./vm.ts";

type Growing = { -readonly [Key in keyof Qube]: Qube[Key] };

/** Topology → Model: names become references, defaults land, templates are cloned, net qubes are put in order. */
export function link({ topology, broken, whole, locate }: Validated, roles: readonly Role[]): Outcome<Model> {
  const found: Diagnostic[] = [];
  const { formula, platform } = topology;
  const roleOf = (entry: QubeEntry) => roles.find((role) => role.name === entry.role) as Role;
  const externals = new Map<string, ExternalQube>(STOCK_QUBES.map((one) => [one.name, one]));
  for (const [name, { kind }] of Object.entries(topology.external ?? {})) externals.set(name, { name, kind });

  // Templates, then the qubes on them, without their references.
  const templates = new Map<string, Template>();
  const qubes = new Map<string, Growing>();
  for (const [name, entry] of Object.entries(topology.qubes).toSorted(([a], [b]) => inCOrder(a, b))) {
    const role = roleOf(entry);
    const template = templateFor(role, formula, platform.whonix, templates);
    const { role: _role, netvm: _netvm, vm, ...own } = entry;
    const qube: Growing = {
      name,
      role,
      own,
      path: ["qubes", name],
      template,
      netvm: undefined,
      vm: settle(role.vm, role.template?.(formula, platform.whonix).menu ?? [], vm),
      behind: [],
      uses: [],
      serves: [],
    };
    template.usedBy.push(qube);
    qubes.set(name, qube);
  }
  const known = [...qubes.keys(), ...broken, ...externals.keys()].toSorted(inCOrder);
  const complain = (diagnostic: Diagnostic) => void found.push(diagnostic);

  // References.
  const links: Link[] = [];
  for (const qube of qubes.values()) {
    const entry = topology.qubes[qube.name] as QubeEntry;
    const netvm = entry.netvm;
    if (netvm !== undefined && !broken.has(netvm)) {
      const place = () => locate([...qube.path, "netvm"]);
      const ours = qubes.get(netvm);
      const external = externals.get(netvm);
      if (ours) qube.netvm = { name: netvm, qube: ours };
      else if (external) qube.netvm = { name: netvm, external };
      else complain(say.noSuchQube.at(place(), netvm, netvmsFor(qube.role, qubes.values(), externals)));
      if (qube.netvm && !fits(qube.role, qube.netvm)) {
        const wrong = qube.role.netvm?.kind === "uplink" ? say.torOverTor : say.notOurGateway;
        const gateway = ours ? ours.role.providesNetwork === true : external?.kind === "whonix-gateway";
        if (wrong === say.torOverTor && !gateway)
          complain(say.wrongRole.at(place(), netvm, roleName(ours), "a net qube"));
        else complain(wrong.at(place(), netvm));
        if (!ours?.role.providesNetwork) qube.netvm = undefined;
      }
      if (qube.netvm && "qube" in qube.netvm) qube.netvm.qube.behind.push(qube);
    }
    for (const made of linksOf(qube, entry, { qubes, externals, broken, locate, complain })) {
      links.push(made);
      made.client.uses.push(made);
      made.server.serves.push(made);
    }
  }

  const { ordered, loop } = orderByNetvm([...qubes.values()]);
  if (loop)
    found.push(
      say.netvmLoop.at(
        locate([...(loop[0] as Qube).path, "netvm"]),
        [...loop, loop[0] as Qube].map((one) => one.name),
      ),
    );

  let updates: Qube | undefined;
  if (topology.updates !== undefined && !broken.has(topology.updates)) {
    updates = qubes.get(topology.updates);
    const place = locate(["updates"]);
    if (!updates && !externals.has(topology.updates)) complain(say.noSuchQube.at(place, topology.updates, known));
    else if (!updates?.role.providesNetwork) complain(say.notOurGateway.at(place, topology.updates));
  }

  const model: Model = {
    formula,
    platform,
    externals: [...externals.values()],
    qubes: ordered,
    templates: [...templates.values()],
    links,
    updates,
    complete: whole && found.length === 0,
    locate,
  };
  return new Outcome(model, found);
}

function templateFor(role: Role, formula: string, version: 17 | 18, templates: Map<string, Template>): Template {
  const stock = stockTemplate(role.os, version);
  const parts = role.template?.(formula, version);
  const name = parts ? `${formula}-${role.os === "gateway" ? "gw" : "ws"}-${parts.suffix}` : stock;
  const known = templates.get(name);
  if (known) return known;
  const template: Template = { name, os: role.os, stock, clone: parts !== undefined, role, usedBy: [] };
  templates.set(name, template);
  return template;
}

function fits(role: Role, netvm: Netvm): boolean {
  const gateway = "qube" in netvm ? netvm.qube.role.providesNetwork === true : netvm.external.kind === "whonix-gateway";
  return role.netvm?.kind === "uplink" ? !gateway && "external" in netvm : gateway && "qube" in netvm;
}

function netvmsFor(role: Role, qubes: Iterable<Qube>, externals: ReadonlyMap<string, ExternalQube>): string[] {
  if (role.netvm?.kind === "gateway") return namesOf(qubes, (one) => one.role.providesNetwork === true);
  return [...externals.values()].filter((one) => one.kind === "net").map((one) => one.name);
}

function namesOf(qubes: Iterable<Qube>, wanted: (qube: Qube) => boolean): string[] {
  return [...qubes].filter(wanted).map((qube) => qube.name);
}
