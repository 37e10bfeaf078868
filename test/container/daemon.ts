// SPDX-License-Identifier: GPL-3.0-or-later
/** A qube with its daemon's own unit, users, folders and files as the states make them, and a stand-in in the program's place. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { load } from "js-yaml";
import { compiled, exampleText } from "../compiled.ts";
import type { Content } from "./container.ts";
import { templateFiles } from "./template.ts";

/** The system whose qubes these are. */
export const { tree, model } = compiled(exampleText("seed"));
const program = readFileSync(path.join(import.meta.dirname, "standin/daemon.py"), "utf8");

/** What a secret of the pillar says here. */
const SECRET = "made-up:secret";

interface Folder {
  readonly name: string;
  readonly user: string;
  readonly mode: string;
}

function states(end: string, fun: string): Record<string, string>[] {
  const [, { text }] = [...tree].find(([file]) => file.endsWith(end)) ?? ["", { text: "" }];
  const all = load(text) as Record<string, Record<string, Record<string, string>[]>>;
  return Object.values(all).flatMap((state) =>
    state[fun] ? [Object.assign({}, ...state[fun]) as Record<string, string>] : [],
  );
}

/** A qube with its daemon; the stand-in takes that many seconds to end. */
export function daemon(name: string, { ends = 0, notifies = true } = {}) {
  const qube = model.qubes.find((one) => one.name === name);
  if (!qube) throw new Error(name);
  const template = qube.template.name;
  const files = new Map<string, Content>(
    templateFiles(tree, template, (file) => /\/qwbtc-(?!tcp|bring|fetch)[^/]*\.service$/.test(file)),
  );
  const [unitPath = "", unit] = [...files].find(([, one]) => "text" in one) ?? [];
  const text = unit && "text" in unit ? unit.text : "";
  const service = path.basename(unitPath);
  const value = (key: string) => new RegExp(`^${key}=(\\S+)`, "m").exec(text)?.[1] ?? "";
  const writable = value("BindPaths");
  const below = (folder: string) =>
    [...tree].flatMap(([file, { text: content }]) => {
      const at = file.indexOf(`/files/${name}${folder}`);
      return at === -1 ? [] : [[file.slice(at + `/files/${name}`.length), content] as const];
    });
  const secrets = states(`/qube/${name}.sls`, "file.managed").filter((one) => one["contents_pillar"] !== undefined);
  const own = [...below("/home/"), ...secrets.map((one) => [one["name"] ?? "", SECRET] as const)];
  const ports =
    { "bitcoin-server": [8332, 8433, 8334], "electrum-server": [50001], "joinmarket-server": [27183, 26183, 25183] }[
      name
    ] ?? [];
  const plan = {
    report: `${writable}/report.json`,
    writes: [`${writable}/data`, "/etc/x", "/usr/local/x", "/home/user/x", "/rw/home/user/x", "/rw/config/x", "/tmp/x"],
    reads: [...own.map(([file]) => file), "/home/user/secret", "/rw/home/user/secret", "/proc/meminfo"],
    lists: ["/home", "/rw/home"],
    ports,
    notifies: notifies && value("Type") === "notify",
    settings: own.map(([file]) => file),
    ends,
  };
  files.set("/etc/standin.json", { text: JSON.stringify(plan) });
  files.set(value("ExecStart"), { text: program, mode: 0o755 });
  // What else the unit waits for: JoinMarket's script beside its Python.
  for (const [, wait = ""] of text.matchAll(/^ConditionPathExists=(\/usr\/local\/\S+)$/gm))
    if (!files.has(wait)) files.set(wait, { text: "" });
  // As in a qube: /home is a part of the private volume, shown at its place late.
  files.set("/etc/systemd/system/home.mount", {
    text: "[Mount]\nWhat=/rw/home\nWhere=/home\nType=none\nOptions=bind\n",
  });
  files.set("/usr/lib/systemd/system/qubes-sysinit.service", {
    text: "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkdir -p /run/qubes-service && cp /etc/standin-services/* /run/qubes-service/ || true'\n",
  });
  files.set("/etc/systemd/system/sysinit.target.wants/qubes-sysinit.service", {
    link: "/usr/lib/systemd/system/qubes-sysinit.service",
  });
  const before = [
    "useradd --uid 1000 user",
    "mkdir -p /rw/home/user /rw/config",
    "echo seed words >/rw/home/user/secret",
    "chmod 644 /rw/home/user/secret",
    "chmod 755 /rw/home/user",
  ];
  for (const user of states(`/template/${template}.sls`, "user.present"))
    before.push(
      `useradd --system --user-group --uid ${user["uid"]} --home-dir ${user["home"]} --shell ${user["shell"]} ${user["name"]}`,
    );
  for (const folder of states(`/qube/${name}.sls`, "file.directory") as unknown as Folder[]) {
    const at = folder.name.startsWith("/home/") ? `/rw${folder.name}` : folder.name;
    before.push(`install -d -o ${folder.user} -g ${folder.user} -m ${folder.mode} ${at}`);
  }
  for (const [file, content] of below("/usr/local/lib/"))
    files.set(file, { text: content, mode: file.endsWith(".sh") ? 0o644 : 0o755 });
  for (const [file, content] of below("/usr/local/etc/")) files.set(file, { text: content });
  for (const [file, content] of own) {
    files.set(`/rw${file}`, { text: content, mode: 0o600 });
    before.push(`chown ${value("User")}: /rw${file}`);
  }
  return {
    service,
    own,
    gate: service.replace(".service", ""),
    files,
    before,
    writable,
    plan,
    program: value("ExecStart"),
  };
}
