// SPDX-License-Identifier: GPL-3.0-or-later
/** A qube of the system as a container can have it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Model, Qube } from "../../src/model/model.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { holdings } from "../../src/render/holdings.ts";
import type { Content } from "../container/container.ts";
import { standIn } from "../container/standin.ts";
import { templateFiles } from "../container/template.ts";

/** The text of a stand-in. */
export const standin = (name: string) => readFileSync(path.join(import.meta.dirname, "standin", name), "utf8");

/** A qube's container: what its template and its own states lay into it, and stand-ins for what is behind. */
export function made(qube: Qube, model: Model, tree: Tree): { files: Map<string, Content>; before: string[] } {
  const held = holdings(qube, model);
  const base = standIn({
    name: qube.name,
    services: held.services,
    system: { domains: {} },
    policies: {},
    servers: {},
  });
  const files = new Map(base.files);
  // Its agent is dom0's, outside.
  for (const name of files.keys())
    if (name.includes("qrexec-agent") || name.startsWith("/etc/standin/")) files.delete(name);
  const before = [...base.before, "mkdir -p /rw /usr/share/applications"];
  if (qube.template.clone)
    for (const [name, content] of templateFiles(tree, qube.template.name, () => true)) files.set(name, content);
  for (const { name, home } of qube.template.clone ? (qube.template.parts.users ?? []) : [])
    before.push(`useradd --system --user-group --home-dir ${home} --shell /usr/sbin/nologin ${name}`);
  for (const { path: at, user, group, mode } of held.directories)
    if (!at.startsWith("/var/lib/tor")) before.push(`install -d -o ${user} -g ${group} -m ${mode} ${at}`);
  for (const { path: at, user, group, mode } of [...held.files, ...held.secrets]) {
    const text =
      tree.get(`srv/formulas/base/qwbtc-formula/qwbtc/files/${qube.name}${at}`)?.text ?? "not for selftest to read\n";
    files.set(at, { text, mode: Number.parseInt(mode, 8) });
    before.push(`chown ${user}:${group} ${at}`);
  }
  if (qube.role.os === "gateway") gateway(qube, tree, files);
  program(qube, files, before);
  return { files, before };
}

function gateway({ name }: Qube, tree: Tree, files: Map<string, Content>): void {
  const torrc = [...tree].find(([file]) => file.includes(`/files/${name}/usr/local/etc/torrc.d/`))?.[1].text ?? "";
  files.set("/etc/standin/torrc", { text: `${torrc}SocksPort 0.0.0.0:9180 IsolateDestAddr IsolateDestPort\n` });
  files.set("/etc/standin/bootstrap", { text: "100\n" });
  files.set("/usr/lib/standin/tor.py", { text: standin("tor.py") });
  files.set("/usr/lib/systemd/system/tor@default.service", {
    text: "[Service]\nType=notify\nExecStart=/usr/bin/python3 -IB /usr/lib/standin/tor.py\n",
  });
  files.set("/etc/systemd/system/multi-user.target.wants/tor@default.service", {
    link: "/usr/lib/systemd/system/tor@default.service",
  });
}

function program({ name, role, version }: Qube, files: Map<string, Content>, before: string[]): void {
  const lib = "/usr/local/lib/qwbtc-salt";
  if (role.name === "bitcoind") {
    const folder = `${lib}/bitcoin-core`;
    for (const tool of ["bitcoind", "bitcoin-cli"])
      files.set(`${folder}/${version}/bin/${tool}`, { text: standin("bitcoind.py"), mode: 0o755 });
    files.set(`${folder}/current`, { link: version });
    files.set("/home/bitcoin/.bitcoin/chain.json", { text: chain(100, 100) });
    before.push("chown bitcoin: /home/bitcoin/.bitcoin/chain.json");
  } else if (role.name === "fulcrum") {
    const folder = `${lib}/fulcrum`;
    files.set(`${folder}/${version}/Fulcrum`, { text: standin("fulcrum.py"), mode: 0o755 });
    files.set(`${folder}/current`, { link: version });
    files.set("/home/fulcrum/.fulcrum/database/height", { text: "98\n" });
  } else if (role.name === "electrum-wallet")
    files.set("/usr/bin/electrum", { text: "#!/bin/sh\nexit 1\n", mode: 0o755 });
  before.push(`echo ${name} >/etc/hostname`);
}

/** What a node says of its chain. */
export function chain(blocks: number, headers: number, initialblockdownload = false): string {
  return JSON.stringify({ blocks, headers, initialblockdownload });
}
