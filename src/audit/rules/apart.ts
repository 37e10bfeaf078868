// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Door, Trust } from "../../model/trust.ts";
import { readTorrc } from "../../verify/torrc.ts";
import { netvmOf } from "../accepted.ts";
import { unlessMeant } from "../departures.ts";
import { placeIn, type Audit } from "../finding.ts";
import { keysOf } from "../onion-keys.ts";
import { forwards, roleOf, seen } from "../role-of.ts";
import type { QubeFacts } from "../facts.ts";

const open = message("QB792", {
  severity: "error",
  title: "An onion service that asks for no key, and ends at what is not for strangers",
  say: (folder: string, gateway: string, end: string) =>
    `whoever knows the address of ${folder} in ${gateway} may use ${end}`,
  why: "Addresses of onion services are told further, found in logs and on other machines. What serves one's own wallets, or commands a node, should ask each caller for a key.",
  fix: "Name its clients with their keys. Where everybody is meant, say so in the topology, with a reason.",
  source: "tor(1), client authorization",
});

const mingled = message("QB793", {
  severity: "error",
  title: "Clients of one server are not kept from each other's things",
  say: (server: string, clients: readonly string[], _why: string) =>
    `${clients.join(" and ")} have wallets in ${server}`,
  why: (_server, _clients, why: string) => why,
  fix: "Give each a server of its own; or say in the topology, with a reason, that they may know each other's.",
  source: "Bitcoin Core src/httprpc.cpp",
});

const shared = message("QB794", {
  severity: "error",
  title: "A qube shares a gateway that it should have for itself",
  say: (name: string, gateway: string, others: readonly string[], _why: string) =>
    `${others.join(" and ")} stand behind ${gateway} as well as ${name}`,
  why: (_name, _gateway, _others, why: string) => why,
  fix: "Give it a gateway of its own; or say in the topology, with a reason, that they may.",
  source: "tor(1), ClientOnionAuthDir",
});

/** Who may use what another is meant to have for itself: what a topology allows with a reason only. */
export function* apart(audit: Audit): Iterable<Diagnostic> {
  const { facts, machine } = audit;
  const known = machine.ours.map((qube): readonly [QubeFacts, Trust | undefined] => [
    qube,
    roleOf(qube.name, facts)?.trust(seen(qube.name, facts)),
  ]);
  const trusts = new Map(known.map(([{ name }, trust]) => [name, trust]));
  yield* onions(audit, trusts);
  for (const [qube, trust] of known) {
    if (trust?.mingles) {
      const clients = [...new Set(trust.mingles.clients(doorsTo(qube.name, audit)))];
      const { key, why } = trust.mingles;
      if (clients.length > 1)
        yield unlessMeant(
          mingled.at(placeIn(facts.tree, qube.at), qube.name, clients, why),
          facts.tree,
          key,
          ...clients,
        );
    }
    const gateway = netvmOf(qube.name, facts);
    if (!trust?.alone || typeof gateway !== "string") continue;
    const others = machine.ours.filter(({ name }) => name !== qube.name && netvmOf(name, facts) === gateway);
    const found = shared.at(
      placeIn(facts.tree, qube.prefs.get("netvm")?.at ?? qube.at),
      qube.name,
      gateway,
      others.map(({ name }) => name),
      trust.alone.why,
    );
    if (others.length > 0) yield unlessMeant(found, facts.tree, trust.alone.key, qube.name);
  }
}

function doorsTo(server: string, { facts, reach }: Audit): Door[] {
  return reach.doors.flatMap(({ client, argument, decision }) =>
    decision.kind === "allow" && decision.target === server
      ? [
          {
            client: seen(client, facts),
            server: seen(server, facts),
            port: Number(argument.slice(1)),
            forwards: forwards(server, facts),
          },
        ]
      : [],
  );
}

/** Onion services without clients' keys, by where they end. */
function* onions(
  { facts, machine, reach }: Audit,
  trusts: ReadonlyMap<string, Trust | undefined>,
): Iterable<Diagnostic> {
  for (const landed of facts.landed.filter(({ path }) => /\/torrc\.d\//.test(path)))
    for (const { folder, target } of readTorrc(landed.text ?? "").services) {
      const { machine: gateway, origin, text = "" } = landed;
      if (keysOf(gateway, folder, facts).clients.length > 0) continue;
      const [address = "", port = ""] = target.split(":");
      const door = reach.doors.find(({ client, local }) => client === gateway && target === `127.0.0.1:${local}`);
      const end = door
        ? door.decision.kind === "allow"
          ? door.decision.target
          : undefined
        : machine.ours.find(({ prefs }) => prefs.get("ip")?.value === address)?.name;
      const reached = door ? Number(door.argument.slice(1)) : Number(port);
      if (end === undefined || trusts.get(end)?.forStrangers?.(reached) === true) continue;
      const place = placeIn(facts.tree, {
        file: origin,
        line: text.split("\n").indexOf(`HiddenServiceDir ${folder}`) + 1,
      });
      yield unlessMeant(open.at(place, folder, gateway, `port ${reached} of ${end}`), facts.tree, "public", end);
    }
}
