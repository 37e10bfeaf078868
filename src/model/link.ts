// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Outcome } from "../kernel/outcome.ts";
import { inCOrder } from "../kernel/tree.ts";
import { releaseOf } from "../software/program.ts";
import type { WhonixVersion } from "../software/platforms.ts";
import type { QubeEntry } from "../topology/topology.ts";
import type { Validated } from "../topology/validate.ts";
import { roleOf } from "./elsewhere.ts";
import { exposuresOf } from "./exposures.ts";
import * as say from "./messages.ts";
import type { ExternalQube, Link, Model, Netvm, Qube } from "./model.ts";
import { orderByNetvm } from "./order.ts";
import { STOCK_QUBES } from "./platform.ts";
import { linksOf, roleName, type Surroundings } from "./references.ts";
import type { Role } from "./role.ts";
import { templatesFor } from "./templates.ts";
import { settle } from "./vm.ts";

/** A qube while it is being understood: what comes last is its template, and with it its menu. */
type Growing = { -readonly [Key in keyof Qube]: Qube[Key] };

/** Topology → Model: names become references, defaults land, templates are cloned, net qubes are put in order. */
export function link({ topology, broken: unread, whole, locate }: Validated, roles: readonly Role[]): Outcome<Model> {
  const found: Diagnostic[] = [];
  const complain = (diagnostic: Diagnostic) => void found.push(diagnostic);
  const { formula, platform } = topology;
  const broken = new Set(unread);
  const externals = new Map<string, ExternalQube>(STOCK_QUBES.map((one) => [one.name, one]));
  for (const [name, { kind }] of Object.entries(topology.external ?? {})) externals.set(name, { name, kind });

  // The qubes, each by itself.
  const qubes = new Map<string, Growing>();
  for (const [name, entry] of Object.entries(topology.qubes).toSorted(([a], [b]) => inCOrder(a, b))) {
    const role = roleOf(entry, roles, { path: ["qubes", name], locate, complain });
    if (role) qubes.set(name, seedling(name, role, entry, platform.whonix));
    else broken.add(name);
  }
  const known = [...qubes.keys(), ...broken, ...externals.keys()].toSorted(inCOrder);
  const around: Surroundings = { qubes, externals, broken, taken: new Map(), locate, complain };

  // Their references to each other.
  const links: Link[] = [];
  for (const qube of qubes.values()) {
    const entry = topology.qubes[qube.name] as QubeEntry;
    if (entry.netvm !== undefined && !broken.has(entry.netvm)) qube.netvm = netvmOf(qube, entry.netvm, around);
    if (qube.netvm && "qube" in qube.netvm) qube.netvm.qube.behind.push(qube);
    links.push(...linksOf(qube, entry, around));
  }
  for (const qube of qubes.values()) links.push(...exposuresOf(qube, around));
  for (const made of links) {
    made.client.uses.push(made);
    made.server.serves.push(made);
  }

  // Their templates, which hold what all of that needs; and Qubes' settings.
  const templates = templatesFor([...qubes.values()], formula, platform);
  for (const template of templates) {
    for (const qube of template.usedBy as Growing[]) {
      qube.template = template;
      const { vm: defaults } = qube.role;
      const menu = typeof template.parts.menu === "function" ? template.parts.menu(qube) : (template.parts.menu ?? []);
      qube.vm = settle(
        typeof defaults === "function" ? defaults(qube) : defaults,
        menu,
        (topology.qubes[qube.name] as QubeEntry).vm,
      );
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
    templates,
    links,
    updates,
    complete: whole && found.every((one) => one.severity !== "error"),
    locate,
  };
  return new Outcome(model, found);
}

/** A qube by itself, as the topology has it. Its template and Qubes' settings come when it is known what it is linked with. */
function seedling(name: string, role: Role, entry: QubeEntry, whonix: WhonixVersion): Growing {
  const { role: _role, netvm: _netvm, vm: _vm, settings = {}, because = {}, ...own } = entry;
  const release = role.program && releaseOf(role.program, entry.version ?? role.program.preferred);
  const known = { name, role, own, release, version: release?.packaged?.[whonix] ?? release?.version ?? "" };
  const rest = { settings, because, path: ["qubes", name], netvm: undefined, behind: [], uses: [], serves: [] };
  return { ...known, ...rest } as Omit<Qube, "template" | "vm"> as Growing;
}

/** The net qube that a qube names, if it may have it. */
function netvmOf(qube: Qube, name: string, { qubes, externals, locate, complain }: Surroundings): Netvm | undefined {
  const place = locate([...qube.path, "netvm"]);
  const ours = qubes.get(name);
  const external = externals.get(name);
  const netvm: Netvm | undefined = ours ? { name, qube: ours } : external && { name, external };
  if (!netvm) {
    complain(say.noSuchQube.at(place, name, netvmsFor(qube.role, qubes.values(), externals)));
    return undefined;
  }
  if (fits(qube.role, netvm)) return netvm;
  const gateway = ours ? ours.role.providesNetwork === true : external?.kind === "whonix-gateway";
  const uplink = qube.role.netvm?.kind === "uplink";
  if (!uplink) complain(say.notOurGateway.at(place, name));
  else if (gateway && qube.role.providesNetwork) complain(say.torOverTor.at(place, name));
  else complain(say.notAnUplink.at(place, name, gateway ? "a Whonix gateway" : roleName(ours)));
  return ours?.role.providesNetwork ? netvm : undefined;
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
