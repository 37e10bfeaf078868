// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder, type Tree } from "../kernel/tree.ts";
import { linkService } from "../model/link-service.ts";
import type { Link, Model } from "../model/model.ts";
import { forwardedPorts, forwardService } from "../model/remote.ts";
import { paths, policyNames } from "../render/paths.ts";
import type { Reading } from "./reading.ts";
import { stateTexts } from "./state-texts.ts";

/**
 * Every link has all its ends, and nothing has an end that belongs to no link: the policy allows what the topology declares and not a port
 * more, the client's socket listens on its loopback alone and calls what the policy answers, and dom0 switches it on.
 */
export function* links({ tree }: Reading, model: Model): Iterable<string> {
  const policy = paths(model.formula).file("dom0", `/etc/qubes/policy.d/${policyNames(model.formula).links}`);
  const lines = (tree.get(policy)?.text ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const known = new Set(lines);
  const allowed = lines
    .filter((line) => line.split(" ")[4] === "allow")
    .map((line) => line.replace(/ (?:autostart|notify)=no/g, ""));
  const allows = new Set(allowed);
  const declared = new Set(model.links.map(allowLine));
  for (const line of allowed) if (!declared.has(line)) yield `${policy}: allows what no link declares: ${line}`;
  for (const line of declared) if (!allows.has(line)) yield `${policy}: a link is missing: ${line}`;
  for (const client of new Set(model.links.map((link) => link.client.name))) {
    if (!known.has(`qubes.ConnectTCP * ${client} @anyvm deny`)) yield `${policy}: ${client} is not denied the rest`;
  }
  for (const server of new Set(model.links.map((link) => link.server.name))) {
    if (!known.has(`qubes.ConnectTCP * @anyvm ${server} deny`)) yield `${policy}: ${server} is not closed to the rest`;
  }
  const states = model.links.length > 0 ? stateTexts({ tree }, model, "settings") : new Map<string, string>();
  for (const link of model.links) yield* ends(link, tree, model, states);
  yield* strangers(tree, model);
}

/** What the policy says for a link, without what only says how. */
function allowLine({ client, server, port, named }: Link): string {
  const target = named ? `${server.name} allow` : `@default allow target=${server.name}`;
  return `qubes.ConnectTCP +${port} ${client.name} ${target}`;
}

function* ends(link: Link, tree: Tree, model: Model, states: ReadonlyMap<string, string>): Iterable<string> {
  const { client, server, port, local, named } = link;
  const service = linkService(model.formula, link);
  const at = (unit: string) => paths(model.formula).file(client.template.name, `/usr/lib/systemd/system/${unit}`);
  const socket = tree.get(at(`${service}.socket`))?.text ?? "";
  const carrier = tree.get(at(`${service}@.service`))?.text ?? "";
  const call = `ExecStart=/usr/bin/qrexec-client-vm ${named ? server.name : "@default"} qubes.ConnectTCP+${port}`;
  const listens = socket.split("\n").filter((line) => line.startsWith("Listen"));
  if (String(listens) !== `ListenStream=127.0.0.1:${local}`)
    yield `${at(service)}.socket: does not listen on 127.0.0.1:${local} alone`;
  if (!socket.includes(`\nConditionPathExists=/run/qubes-service/${service}\n`))
    yield `${at(service)}.socket: does not wait for its service`;
  if (!carrier.includes(`\n${call}\n`))
    yield `${at(service)}@.service: does not call ${server.name} as the policy expects`;
  if (!states.get(client.name)?.includes(`        - "${service}"\n`))
    yield `dom0/qubes.sls: ${service} is not switched on in ${client.name}`;
}

/** Sockets of ours that belong to no link. */
function* strangers(tree: Tree, model: Model): Iterable<string> {
  const ours = new Set(model.links.map((link) => `${link.client.template.name} ${linkService(model.formula, link)}`));
  for (const qube of model.qubes) {
    for (const port of forwardedPorts(qube)) ours.add(`${qube.template.name} ${forwardService(model.formula, port)}`);
  }
  for (const path of [...tree.keys()].toSorted(inCOrder)) {
    const [, machine, unit] = /\/files\/([^/]+)\/usr\/lib\/systemd\/system\/([^/]+)\.socket$/.exec(path) ?? [];
    if (unit !== undefined && !ours.has(`${machine} ${unit}`)) yield `${path}: belongs to no link`;
  }
}
