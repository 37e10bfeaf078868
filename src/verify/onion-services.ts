// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
import { linkService } from "../model/link-service.ts";
import type { Model, OnionService, Qube } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import { TOR_USER, torrcPath } from "../whonix/gateway.ts";
import type { Reading } from "./reading.ts";
import { stateTexts } from "./state-texts.ts";
import { readTorrc } from "./torrc.ts";

/** What the topology declares of one onion service, and where it must end. */
interface Declared {
  readonly service: OnionService;
  readonly target: string;
}

/**
 * The onion services of each gateway are those that the topology declares, no more and no fewer; each ends in a socket of ours or at an address
 * that dom0 keeps for its qube; and where clients are named, tor is given exactly their keys before it learns of the service.
 */
export function* onionServices(reading: Reading, model: Model): Iterable<string> {
  const { tree } = reading;
  for (const gateway of model.qubes.filter(({ role }) => role.os === "gateway")) {
    const at = (path: string) => paths(model.formula).file(gateway.name, path);
    const torrc = at(torrcPath(model.formula));
    const declared = declaredBy(gateway, model);
    const { services } = readTorrc(tree.get(torrc)?.text ?? "");
    const expected = declared.map(({ service, target }) =>
      written({ folder: folderOf(service, model), port: service.port, target, pow: service.pow }),
    );
    const found = services.map(written);
    for (const one of expected) if (!found.includes(one)) yield `${torrc}: an onion service is missing: ${one}`;
    for (const one of found) if (!expected.includes(one)) yield `${torrc}: no topology declares: ${one}`;
    if (new Set(found).size !== found.length) yield `${torrc}: an onion service stands twice`;
    yield* ends(gateway, declared, reading, model);
    yield* authorisation(gateway, declared, reading, model);
  }
}

function written({ folder, port, target, pow }: ReturnType<typeof readTorrc>["services"][number]): string {
  return `${folder}, port ${port} to ${target}${pow ? ", with proof of work" : ""}`;
}

function folderOf({ name }: OnionService, { formula }: Model): string {
  return `/var/lib/tor/${formula}-${name}`;
}

function declaredBy(gateway: Qube, model: Model): Declared[] {
  const links = model.links.filter(({ client, onion }) => client === gateway && onion);
  const behind = model.qubes.filter(({ netvm }) => netvm?.name === gateway.name);
  return [
    ...links.map(({ onion, local }) => ({ service: onion as OnionService, target: `127.0.0.1:${local}` })),
    ...behind.flatMap((qube) =>
      (qube.role.tor?.(qube).onionServices ?? []).map((service) => ({ service, target: service.target ?? "" })),
    ),
  ];
}

/** Each service ends in a socket of the gateway, or at the pinned address of a qube behind it (whose open port `firewallPorts` looks at). */
function* ends(gateway: Qube, declared: readonly Declared[], { tree }: Reading, model: Model): Iterable<string> {
  const sockets = new Set(
    gateway.uses.flatMap((link) => {
      const unit = `/usr/lib/systemd/system/${linkService(model.formula, link)}.socket`;
      const text = tree.get(paths(model.formula).file(gateway.template.name, unit))?.text ?? "";
      return Array.from(text.matchAll(/^ListenStream=(\S+)$/gm), ([, listens]) => listens);
    }),
  );
  const network = declared.some(({ target }) => !target.startsWith("127."));
  const prefs = network ? stateTexts({ tree }, model, "prefs") : new Map<string, string>();
  for (const { service, target } of declared) {
    if (target.startsWith("127.")) {
      if (!sockets.has(target)) yield `${gateway.name}: no socket of ours listens on ${target}, for ${service.name}`;
      continue;
    }
    const [ip = ""] = target.split(":");
    const keeps = [...prefs].filter(([, text]) => text.includes(`\n      - "ip": "${ip}"\n`)).map(([name]) => name);
    if (keeps.length !== 1 || !gateway.behind.some(({ name }) => name === keeps[0]))
      yield `dom0/qubes.sls: ${ip} is not the address of one qube behind ${gateway.name}, for ${service.name}`;
  }
}

function* authorisation(
  gateway: Qube,
  declared: readonly Declared[],
  reading: Reading,
  model: Model,
): Iterable<string> {
  const { tree } = reading;
  const at = (path: string) => paths(model.formula).file(gateway.name, path);
  const file = paths(model.formula).qube(gateway.name);
  const states = reading.states.filter((one) => one.file === file);
  const [torrc] = states.filter(({ name, fun }) => fun === "file.managed" && name === torrcPath(model.formula));
  const keys = new Map(
    declared.flatMap(({ service }) =>
      Object.entries(service.clients ?? {}).map(
        ([client, key]) => [`${folderOf(service, model)}/authorized_clients/${client}.auth`, key] as [string, string],
      ),
    ),
  );
  const there = [...tree.keys()].filter((path) => path.startsWith(`${at("/var/lib/tor")}/`));
  for (const path of there.toSorted(inCOrder))
    if (!keys.has(path.slice(at("").length))) yield `${path}: no topology names this client`;
  for (const [path, key] of keys) {
    if (tree.get(at(path))?.text !== `descriptor:x25519:${key}\n`) yield `${at(path)}: not the key of the topology`;
    const [state] = states.filter(({ name, fun }) => fun === "file.managed" && name === path);
    if (state?.user !== TOR_USER || state.modes[0] !== "0600") yield `${file}: ${path} is not tor's own alone`;
    if (!torrc?.requires.includes(`file:${state?.id}`)) yield `${file}: tor would learn of a service before ${path}`;
  }
  for (const { service } of declared) {
    const folders = [folderOf(service, model), `${folderOf(service, model)}/authorized_clients`];
    for (const folder of folders) {
      const own = states.filter(({ name, fun }) => fun === "file.directory" && name === folder);
      if (own.length === 0 || own.some(({ user, modes }) => user !== TOR_USER || modes[0] !== "0700"))
        yield `${file}: ${folder} is not tor's own alone`;
    }
    const kept = Object.keys(service.clients ?? {}).map((client) => ` ! -path ${folders[1]}/${client}.auth`);
    const find = `cd / && runuser -u ${TOR_USER} -- find ${folders[1]} -mindepth 1${kept.toSorted(inCOrder).join("")}`;
    const pruned = states.find(({ fun, name }) => fun === "cmd.run" && name === `${find} -delete`);
    if (!pruned?.unless?.includes(`$(${find})`) || pruned.onlyif !== undefined)
      yield `${file}: a client that was taken out of ${service.name} could still come in`;
  }
}
