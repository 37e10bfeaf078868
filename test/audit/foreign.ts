// SPDX-License-Identifier: GPL-3.0-or-later
/** Trees that are not ours: no manifest, no seal, states by other hands. Written here, in the shape of what such trees have. */
import { plant, type Tree } from "../../src/kernel/tree.ts";

/** A state by its ID, as YAML: a function and its arguments. */
export function state(id: string, fun: string, args: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(args).map(([key, value]) => `    - ${JSON.stringify({ [key]: value })}\n`);
  return `${JSON.stringify(id)}:\n  ${fun}:\n${lines.join("")}`;
}

/** A qube, as dom0 makes it. */
export function qube(
  name: string,
  template: string,
  netvm: string | undefined,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const {
    backups = false,
    services = [],
    tags = [],
  } = more as { backups?: boolean; services?: string[]; tags?: string[] };
  const prefs = [
    ...(netvm === undefined ? [] : [{ netvm }]),
    { default_dispvm: "" },
    { "include-in-backups": backups },
  ];
  return state(name, "qvm.vm", {
    present: [{ template }, { label: "red" }],
    prefs,
    ...(services.length > 0 && { service: [{ enable: services }] }),
    ...(tags.length > 0 && { tags: [{ add: tags }] }),
  });
}

export const clone = (name: string, source: string): string => state(name, "qvm.clone", { source });

/** A file in a machine, with its text in the state. */
export function file(path: string, contents: string, more: Readonly<Record<string, unknown>> = {}): string {
  return state(`file ${path}`, "file.managed", {
    name: path,
    contents,
    user: "root",
    group: "root",
    mode: "0644",
    ...more,
  });
}

export const policy = (name: string, contents: string): string =>
  file(`/etc/qubes/policy.d/${name}`, contents, { mode: "0664", group: "qubes" });

/** A link's socket and the service that carries its connections, in a template. */
export function link(name: string, port: number, unit = ""): string {
  const at = (end: string) => `/usr/lib/systemd/system/${name}${end}`;
  return [
    file(
      at(".socket"),
      `[Unit]\nConditionPathExists=/run/qubes-service/${name}\n[Socket]\nListenStream=127.0.0.1:${port}\nAccept=true\n`,
    ),
    file(
      at("@.service"),
      `[Unit]\n${unit}[Service]\nExecStart=/usr/bin/qrexec-client-vm @default qubes.ConnectTCP+${port}\nStandardInput=socket\n`,
    ),
  ].join("");
}

/** A tree of state files below /srv/salt, each given to the machine that it is listed under, and whatever else. */
export function foreign(
  machines: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Tree {
  const entries = Object.entries(machines).map(([machine, states], at) => ({ machine, sls: `part${at}`, states }));
  const top = `#!yaml\nbase:\n${entries.map(({ machine, sls }) => `  ${JSON.stringify(machine)}:\n    - mine.${sls}\n`).join("")}`;
  const texts: [string, string][] = [
    ["srv/salt/mine/init.top", top],
    ...entries.map(({ sls, states }): [string, string] => [
      `srv/salt/mine/${sls}.sls`,
      states.startsWith("#!") ? states : `#!yaml\n${states}`,
    ]),
    ...Object.entries(others),
  ];
  return plant(texts.map(([path, text]) => [path, { text, mode: "0644" as const }]));
}
