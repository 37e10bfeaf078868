// SPDX-License-Identifier: GPL-3.0-or-later
/** What a finished tree would do on a machine, read from its files alone: who calls whom how, and what listens where. */
import { load } from "js-yaml";
import type { Tree } from "../src/kernel/tree.ts";

/** A call that a qube's own units would make for whoever connects to a local port. */
export interface Call {
  readonly client: string;
  readonly local: number;
  readonly target: string;
  readonly port: number;
}

type States = Record<string, Record<string, Record<string, unknown>[]>>;

/** The services that dom0 switches on in a qube, and its template. */
function settingsOf(tree: Tree, qube: string): { services: string[]; template: string } {
  const [, file] = [...tree].find(([path]) => path.endsWith("/dom0/qubes.sls")) ?? [];
  const states = load(file?.text ?? "") as States;
  const mine = Object.values(states)
    .flatMap((state) => state["qvm.vm"] ?? [])
    .reduce<Record<string, unknown>[][]>((groups, one) => {
      if ("name" in one) groups.push([]);
      groups.at(-1)?.push(one);
      return groups;
    }, [])
    .filter(([first]) => first?.["name"] === qube)
    .flat();
  const lists = <T>(key: string, sub: string) =>
    mine.flatMap((one) => ((one[key] ?? []) as Record<string, T>[]).flatMap((part) => part[sub] ?? []));
  const [template = ""] = lists<string>("prefs", "template") as string[];
  return { services: lists<string[]>("service", "enable").flat(), template };
}

/** The ports that are open in a qube by sockets of its template, each with the unit that a connection starts. */
function socketsOf(tree: Tree, qube: string): { local: number; carrier: string }[] {
  const { services, template } = settingsOf(tree, qube);
  const units = new Map(
    [...tree].flatMap(([path, { text }]) => {
      const [, machine, unit] = /\/files\/([^/]+)\/usr\/lib\/systemd\/system\/([^/]+)$/.exec(path) ?? [];
      return machine === template && unit !== undefined ? [[unit, text] as const] : [];
    }),
  );
  return [...units].flatMap(([unit, text]) => {
    if (!unit.endsWith(".socket")) return [];
    const gate = /^ConditionPathExists=\/run\/qubes-service\/(.*)$/m.exec(text)?.[1] ?? "";
    if (!services.includes(gate)) return [];
    const local = Number(/^ListenStream=127\.0\.0\.1:([0-9]+)$/m.exec(text)?.[1]);
    return [{ local, carrier: units.get(unit.replace(".socket", "@.service")) ?? "" }];
  });
}

const forwards = /^ExecStart=\/usr\/bin\/socat /m;

/** The calls that a qube's open sockets lead to; a socket that forwards to another machine is a server's and no call. */
export function callsOf(tree: Tree, client: string): Call[] {
  return socketsOf(tree, client).flatMap(({ local, carrier }) => {
    if (forwards.test(carrier)) return [];
    const call = /^ExecStart=\/usr\/bin\/qrexec-client-vm (\S+) qubes\.ConnectTCP\+([0-9]+)$/m;
    const [, target = "", port = ""] = call.exec(carrier) ?? [];
    return [{ client, local, target, port: Number(port) }];
  });
}

/** Where bitcoind answers RPC unless it is told otherwise (src/chainparamsbase.cpp). */
const RPC_PORTS: Readonly<Record<string, number>> = {
  main: 8332,
  test: 18332,
  testnet4: 48332,
  signet: 38332,
  regtest: 18443,
};

/** The loopback ports at which a qube's daemon listens, as its own configuration and unit say. */
export function listeningOf(tree: Tree, qube: string): number[] {
  const { services, template } = settingsOf(tree, qube);
  const own = (machine: string, end: RegExp) =>
    [...tree].filter(([path]) => path.includes(`/files/${machine}/`) && end.test(path)).map(([, { text }]) => text);
  const ports: number[] = [];
  for (const conf of own(qube, /\/bitcoin\.conf$/)) {
    const chain = /^chain=(\w+)$/m.exec(conf)?.[1] ?? "";
    if (/^server=1$/m.test(conf) && /^rpcbind=127\.0\.0\.1$/m.test(conf)) ports.push(RPC_PORTS[chain] ?? 0);
    for (const [, port] of conf.matchAll(/^bind=(?:127\.0\.0\.1|0\.0\.0\.0):([0-9]+)=onion$/gm))
      ports.push(Number(port));
    for (const [, port] of conf.matchAll(/^zmqpub\w+=tcp:\/\/127\.0\.0\.1:([0-9]+)$/gm)) ports.push(Number(port));
  }
  for (const conf of own(qube, /\/fulcrum\.conf$/)) {
    for (const [, port] of conf.matchAll(/^tcp = 127\.0\.0\.1:([0-9]+)$/gm)) ports.push(Number(port));
  }
  for (const unit of own(template, /joinmarketd\.service$/)) {
    const gate = /^ConditionPathExists=\/run\/qubes-service\/(.*)$/m.exec(unit)?.[1] ?? "";
    const port = Number(/joinmarketd\.py ([0-9]+) 0 127\.0\.0\.1$/m.exec(unit)?.[1]);
    if (services.includes(gate)) ports.push(port, port - 1000, port - 2000); // scripts/joinmarketd.py
  }
  for (const { local, carrier } of socketsOf(tree, qube)) if (forwards.test(carrier)) ports.push(local);
  return ports;
}

/** The addresses on its own loopback that a qube's programs are told to dial. */
export function dialledBy(tree: Tree, qube: string): number[] {
  const texts = [...tree].filter(([path]) => path.includes(`/files/${qube}/`)).map(([, { text }]) => text);
  const patterns = [
    /^bitcoind = 127\.0\.0\.1:([0-9]+)$/gm,
    /"server": "127\.0\.0\.1:([0-9]+):[ts]"/g,
    /^daemon_port = ([0-9]+)$/gm,
    /^rpc_port = ([0-9]+)$/gm,
    /^HiddenServicePort [0-9]+ 127\.0\.0\.1:([0-9]+)$/gm,
  ];
  return texts.flatMap((text) => patterns.flatMap((one) => [...text.matchAll(one)].map(([, port]) => Number(port))));
}
