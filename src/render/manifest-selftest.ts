// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
import type { Model, Qube } from "../model/model.ts";
import { upstream } from "../model/order.ts";
import type { Hello, RoleProbe } from "../model/probe.ts";
import { GATEWAY_ADDRESS, GATEWAY_CLOSED, GATEWAY_PORTS, onionFolder, WORKSTATION_PORTS } from "../whonix/gateway.ts";
import { gatewayPorts } from "../whonix/onion-port.ts";
import { holdings } from "./holdings.ts";
import { linkUnits } from "./links.ts";

/** A link, as the dom0 command `selftest` tries it. */
export interface LinkEntry {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly port: number;
  readonly local: number;
  readonly named: boolean;
  readonly hello?: Hello;
}

type Range = readonly [first: number, last: number];

/** What `selftest` expects of a qube. */
export interface Probe {
  /** What its network is: none, a Whonix gateway, Tor itself, or one address of a LAN. */
  readonly network: "none" | "gateway" | "tor" | "lan";
  readonly netvm: string | null;
  /** Its ports that others may have links to, the most important first. */
  readonly ports: readonly number[];
  /** Addresses at which a resolver might answer it. */
  readonly resolvers: readonly string[];
  readonly services: { readonly on: readonly string[]; readonly off: readonly string[] };
  /** Units that must be active. */
  readonly units: readonly string[];
  readonly programs: NonNullable<RoleProbe["programs"]>;
  readonly serves: readonly NonNullable<RoleProbe["serves"]>[];
  readonly height?: RoleProbe["height"];
  /** Where it may listen, on its loopback and at any address: ports from first to last. */
  readonly listens: { readonly loopback: readonly Range[]; readonly anywhere: readonly Range[] };
  /** Files of the tree that became the user's when they were made. */
  readonly yours: readonly string[];
  /** Files from dom0's pillar, with the most that their mode may be. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The size of its private volume, in bytes, where the topology or its role sets one. */
  readonly volume?: number;
  /** How it finds its gateway: the SocksPorts that must answer there, and the ports that must not. */
  readonly gateway?: {
    readonly address: string;
    readonly socks: readonly { readonly port: number; readonly onionOnly: boolean }[];
    readonly closed: readonly number[];
  };
  /** What its tor must have been told. */
  readonly tor?: {
    readonly socks: readonly { readonly port: number; readonly flags: readonly string[] }[];
    readonly onions: readonly string[];
    /** How the folders of our onion services begin: any other is one of an earlier topology. */
    readonly prefix: string;
  };
}

/** Qubes' own resolvers, which every net qube that is not Whonix forwards (qubes-core-admin qubes/vm/mix/net.py, dns). */
const QUBES_RESOLVERS = ["10.139.1.1", "10.139.1.2"];

/** The links of a system, in the order of their declaration. */
export function linkEntries(model: Model): LinkEntry[] {
  return model.links.map(({ client, server, service, port, local, named }) => {
    const hello = server.role.probe?.(server, model).hellos?.[service];
    return { client: client.name, server: server.name, service, port, local, named, ...(hello && { hello }) };
  });
}

/** What can be seen of a qube from dom0, when all is as the model says. */
export function probeOf(qube: Qube, model: Model): Probe {
  const { role, netvm, template, vm } = qube;
  const held = holdings(qube, model);
  const own = role.probe?.(qube, model) ?? {};
  const network = networkOf(qube);
  const units = template.clone ? [...(template.parts.units ?? []), ...linkUnits(template, model.formula)] : [];
  return {
    network,
    netvm: netvm?.name ?? null,
    ports: [...new Set(Object.values(role.services?.(qube) ?? {}))],
    resolvers: [...(network === "gateway" ? [GATEWAY_ADDRESS] : []), ...QUBES_RESOLVERS],
    services: { on: held.services.toSorted(inCOrder), off: held.disabled.toSorted(inCOrder) },
    units: units
      .filter(({ name, wantedBy }) => wantedBy && held.services.includes(name.replace(/\.[a-z]+$/, "")))
      .map(({ name }) => name)
      .toSorted(inCOrder),
    programs: own.programs ?? [],
    serves: own.serves ? [own.serves] : [],
    ...(own.height && { height: own.height }),
    listens: listensOf(qube),
    yours: held.files.flatMap(({ path, once }) => (once ? [path] : [])).toSorted(inCOrder),
    secrets: Object.fromEntries(held.secrets.map(({ path, mode }) => [path, mode])),
    ...(vm.privateBytes && { volume: vm.privateBytes.value }),
    ...(network === "gateway" && { gateway: gatewayOf(qube) }),
    ...(network === "tor" && { tor: torOf(qube, model.formula) }),
  };
}

function networkOf({ role, netvm }: Qube): Probe["network"] {
  if (role.os === "gateway") return "tor";
  if (!netvm) return "none";
  return role.os === "workstation" ? "gateway" : "lan";
}

/** Ports of the tree and of stock Whonix. A port that its gateway's tor dials is open to it; a gateway's own are for the qubes behind it. */
function listensOf(qube: Qube): Probe["listens"] {
  const { role, uses } = qube;
  const own = [...(role.ports?.(qube) ?? []), ...Object.values(role.services?.(qube) ?? {})];
  const local = uses.map((link) => link.local);
  const inbound = (role.tor?.(qube).inbound ?? []).map(({ value }) => value);
  if (role.os === "gateway")
    return {
      loopback: ranges(local),
      anywhere: ranges([...GATEWAY_PORTS, ...own].filter((one) => !local.includes(one))),
    };
  const stock = role.os === "workstation" ? WORKSTATION_PORTS : [];
  return { loopback: ranges([...own, ...local, ...stock]), anywhere: ranges(inbound) };
}

function gatewayOf(qube: Qube): NonNullable<Probe["gateway"]> {
  const { onion, any, onionOnly } = gatewayPorts(qube);
  const links = (upstream(qube)?.uses ?? []).map(({ local }) => local);
  return {
    address: GATEWAY_ADDRESS,
    socks: [...(onionOnly ? [{ port: onion, onionOnly }] : []), { port: any, onionOnly: false }],
    closed: numbers([...GATEWAY_CLOSED, ...links]),
  };
}

function torOf(gateway: Qube, formula: string): NonNullable<Probe["tor"]> {
  const needs = gateway.behind.map((qube) => qube.role.tor?.(qube) ?? {});
  const ports = new Map(needs.flatMap((one) => one.socksPorts ?? []).map(({ value, flags }) => [value, flags]));
  const onions = [
    ...gateway.uses.flatMap(({ onion }) => (onion ? [onion] : [])),
    ...needs.flatMap((one) => one.onionServices ?? []),
  ];
  return {
    socks: [...ports].map(([port, flags]) => ({ port, flags })).toSorted((a, b) => a.port - b.port),
    onions: onions.map(({ name }) => onionFolder(formula, name)).toSorted(inCOrder),
    prefix: onionFolder(formula, ""),
  };
}

function ranges(all: readonly number[]): Range[] {
  const found: [number, number][] = [];
  for (const one of numbers(all)) {
    const last = found.at(-1);
    if (last && last[1] === one - 1) last[1] = one;
    else found.push([one, one]);
  }
  return found;
}

function numbers(all: readonly number[]): number[] {
  return [...new Set(all)].toSorted((a, b) => a - b);
}
