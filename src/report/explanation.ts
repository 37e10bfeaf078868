// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../kernel/tree.ts";
import type { Explained, Link, Model, Qube } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import { settingLines } from "./setting-explanation.ts";
import { gib } from "../render/runbook.ts";
import { wrappedLines } from "./wrapped.ts";

/** What a qube is: its role, its settings with their reasons, and the files that land in it. Undefined if there is none of that name. */
export function explainQube(name: string, { model, tree }: { model: Model; tree: Tree }): string | undefined {
  const qube = model.qubes.find((one) => one.name === name);
  if (!qube) return undefined;
  const folder = paths(model.formula).file(name, "");
  const files = [...tree.keys()]
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length));
  return wrappedLines([
    `${name}: ${qube.role.summary}`,
    ...(qube.role.ended ? ["", `${qube.role.ended.value}. ${qube.role.ended.why}`] : []),
    "",
    `  template  ${qube.template.name}${qube.template.clone ? `, a clone of ${qube.template.stock}` : ""}`,
    `  net qube  ${qube.netvm?.name ?? "none"}`,
    ...(qube.behind.length > 0 ? [`  behind it ${qube.behind.map((one) => one.name).join(", ")}`] : []),
    ...qube.uses.map((link) => `  uses      ${link.service} of ${link.server.name}, port ${link.port}${found(link)}`),
    ...qube.serves.map(
      (link) => `  serves    ${link.service} to ${link.client.name}, port ${link.port}${exposed(link)}`,
    ),
    "",
    "Qubes' settings:",
    ...settings(qube),
    ...settingLines(qube),
    "",
    "Files that the states write in it:",
    ...files.map((path) => `  ${path}`),
    "",
    `Try: qwbtc-salt explain ${(files.find((file) => file.startsWith("/home/")) ?? files.at(-1))?.split("/").at(-1) ?? "FILE"}`,
    "",
  ]).join("\n");
}

function found({ named, local }: Link): string {
  return named ? `, which it finds at its own port ${local}` : "";
}

function exposed({ onion }: Link): string {
  if (!onion) return "";
  const who = onion.clients ? Object.keys(onion.clients).join(", ") : "whoever knows its address";
  return `, and by its onion service, port ${onion.port}, to ${who}`;
}

function* settings({ vm }: Qube): Iterable<string> {
  const entries: [string, Explained<unknown> | undefined][] = [
    ["label", vm.label],
    ["memory", vm.memory],
    ["maxmem", vm.maxmem],
    ["vcpus", vm.vcpus],
    ["autostart", vm.autostart],
    ["include_in_backups", vm.include_in_backups],
    ["qrexec_timeout", vm.qrexec_timeout],
    ["shutdown_timeout", vm.shutdown_timeout],
    ["private", vm.privateBytes && { ...vm.privateBytes, value: gib(vm.privateBytes.value) }],
    ["revisions_to_keep", vm.revisions_to_keep],
  ];
  for (const [key, setting] of entries) {
    if (!setting) continue;
    yield `  ${key} = ${String(setting.value)}`;
    yield `      ${setting.why}`;
    yield `      Source: ${setting.source}`;
  }
}
