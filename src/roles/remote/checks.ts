// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";
import type { Model, Qube } from "../../model/model.ts";
import { forwardService, remoteOf } from "../../model/remote.ts";
import { elsewhereOf, forwardFile, forwardsOf } from "./own.ts";

/**
 * A qube that stands for a server elsewhere leads there and nowhere else: its sockets listen on its loopback, its files name the one host, over
 * Tor or with dom0's firewall around exactly that port; and a wallet that shall see a certificate is told which.
 */
export function* forwardersForward(tree: Tree, model: Model): Iterable<string> {
  const read = (end: string) => [...tree].find(([path]) => path.endsWith(end))?.[1].text ?? "";
  const dom0 = read("/dom0/qubes.sls");
  for (const qube of model.qubes) {
    const rules = firewallOf(qube.name, model.formula, dom0);
    if (String(rules) !== String(wantedRules(qube)))
      yield `dom0/qubes.sls: the firewall of ${qube.name} is ${rules.join("; ") || "open"}`;
    if (remoteOf(qube)) yield* ends(qube, model.formula, read, dom0);
  }
  for (const link of model.links) {
    if (link.service !== "electrum" || link.key !== "server") continue;
    const fingerprint = remoteOf(link.server)?.tls?.fingerprint;
    const config = read(`/files/${link.client.name}/usr/local/lib/qwbtc-salt/electrum/config.json`);
    if (!config.includes(`"server": "127.0.0.1:${link.local}:${fingerprint ? "s" : "t"}"`))
      yield `${link.client.name}: Electrum is not told how ${link.server.name} speaks`;
    if (fingerprint && !config.includes(`"serverfingerprint": "${fingerprint}"`))
      yield `${link.client.name}: Electrum would take any certificate for that of ${link.server.name}`;
  }
}

/** What a qube's firewall must be: without a way around Tor, dom0 sets none. */
function wantedRules(qube: Qube): string[] {
  const { host, port, over } = remoteOf(qube) ?? {};
  return over === "lan" ? [`action=accept proto=tcp dst4=${host}/32 dstports=${port}-${port}`, "action=drop"] : [];
}

/** The rules that dom0's states set for a qube, and whether they stand before it can start. */
function firewallOf(name: string, formula: string, dom0: string): string[] {
  const at = dom0.indexOf(`\n"${formula}-firewall-${name}":\n`);
  if (at === -1) return [];
  const state = dom0.slice(at + 1, dom0.indexOf('\n"', at + 2));
  const network = dom0.slice(dom0.indexOf(`\n"${formula}-network-${name}":\n`));
  const before = network.slice(0, network.indexOf("\n\n")).includes(`- "qvm": "${formula}-firewall-${name}"\n`);
  return [...state.matchAll(/^ {8}- "(.*)"$/gm)].map(([, rule]) => rule ?? "").concat(before ? [] : ["too late"]);
}

function* ends(qube: Qube, formula: string, read: (end: string) => string, dom0: string): Iterable<string> {
  const { over } = elsewhereOf(qube);
  const unit = (name: string) => read(`/files/${qube.template.name}/usr/lib/systemd/system/${name}`);
  for (const { local, host, port } of forwardsOf(qube)) {
    const service = forwardService(formula, local);
    const file = forwardFile(local);
    const lines = plain(read(`/files/${qube.name}${file}`));
    if (lines[0] !== `HOST=${host}` || lines[1] !== `PORT=${port}`)
      yield `${qube.name}: ${file} leads to ${lines.slice(0, 2).join(" ")}`;
    if (lines.length !== (over === "onion" ? 3 : 2)) yield `${qube.name}: ${file} says more than where the server is`;
    const socket = plain(unit(`${service}.socket`));
    if (String(socket.filter((line) => line.startsWith("Listen"))) !== `ListenStream=127.0.0.1:${local}`)
      yield `${service}.socket: does not listen on 127.0.0.1:${local} alone`;
    if (!socket.includes(`ConditionPathExists=/run/qubes-service/${service}`))
      yield `${service}.socket: does not wait for its service`;
    const carrier = plain(unit(`${service}@.service`));
    const way =
      over === "onion" ? " SOCKS4A:10.152.152.10:${HOST}:${PORT},socksport=${SOCKS}," : " TCP4:${HOST}:${PORT},";
    if (!carrier.some((line) => line.startsWith("ExecStart=/usr/bin/socat ") && line.includes(way)))
      yield `${service}@.service: does not lead over ${over}`;
    if (!carrier.includes(`EnvironmentFile=${file}`)) yield `${service}@.service: does not read ${file}`;
    if (!carrier.includes("IPAddressDeny=any")) yield `${service}@.service: may talk to anybody`;
    if (!dom0.includes(`        - "${service}"\n`)) yield `dom0/qubes.sls: ${service} is switched on nowhere`;
  }
}

/** The lines of a file that are not comments. */
function plain(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}
