// SPDX-License-Identifier: GPL-3.0-or-later
import qubeStates from "../../salt-templates/qube.sls.hbs";
import templateStates from "../../salt-templates/template.sls.hbs";
import type { TreeFile } from "../kernel/tree.ts";
import type { Model, Qube, Template } from "../model/model.ts";
import type { Content, ManagedFile } from "../model/parts.ts";
import { bringTemplate } from "./bring.ts";
import { blockView } from "./own-block.ts";
import { onlyView, prunedView, replaceable } from "./foreign.ts";
import { holdings } from "./holdings.ts";
import { DAEMONS, IN_FORCE_TOOL } from "./in-force.ts";
import { linkUnits } from "./links.ts";
import { MERGE_TOOL } from "./merged.ts";
import { paths } from "./paths.ts";
import { reloadViews, type Watched } from "./reloads.ts";
import { checkCommand } from "./secrets.ts";
import { fill } from "./templates.ts";

const UNITS = "/usr/lib/systemd/system";

/** What Salt does in one qube, and the very bytes that land there. */
export function renderQube(qube: Qube, model: Model): [string, TreeFile][] {
  const { formula } = model;
  const { directories, secrets, files, absent, pruned, merged, blocks, daemons } = holdings(qube, model);
  const emptied = directories.filter(({ only }) => only);
  const reloads = reloadViews([
    ...kinds("secret", secrets),
    ...kinds("file", files),
    ...kinds("absent", absent),
    ...emptied.map(({ path, reload }) => ({ kind: "prune" as const, path, pattern: `${path}/*`, reload })),
    ...pruned.map(({ path, glob, reload }) => ({ kind: "prune" as const, path, pattern: `${path}/${glob}`, reload })),
  ]);
  const view = {
    formula,
    name: qube.name,
    role: qube.role.name,
    unlinks: replaceable([...directories, ...secrets, ...files, ...absent].map(({ path }) => path)),
    directories,
    secrets: secrets.map((one) => ({ ...one, check: checkCommand(one) })),
    files: files.map((file) => ({
      ...fileView(file, qube.name, formula),
      needs: [
        ...(file.needs ?? []).map((path) => ({ kind: "secret", path })),
        ...(file.after ?? []).map((path) => ({ kind: "file", path })),
      ],
      once: file.once ?? false,
    })),
    absent,
    pruned: [...emptied.map(onlyView), ...pruned.map(prunedView)],
    merged: merged.map((one) => ({ ...one, tool: MERGE_TOOL })),
    blocks: blocks.map(blockView),
    daemons: daemons.map(({ unit, reads }) => {
      const read = new Set([IN_FORCE_TOOL, DAEMONS, ...reads.map(({ path }) => path)]);
      const needs = [kinds("secret", secrets), kinds("file", files)].flat().filter(({ path }) => read.has(path));
      return { unit, tool: IN_FORCE_TOOL, needs };
    }),
    reloads,
  };
  return [
    [paths(formula).qube(qube.name), { text: fill(qubeStates, view), mode: "0644" }],
    ...files.map((file) => landed(file.path, file.content, qube.name, formula)),
  ];
}

/** Parts with a reload, and by which kind of state each is looked after. */
function kinds(kind: Watched["kind"], parts: readonly Pick<Watched, "path" | "reload">[]): Watched[] {
  return parts.map(({ path, reload }) => ({ kind, path, reload }));
}

/** What Salt does in one template clone, and the very bytes that land there. */
export function renderClone(template: Template, model: Model): [string, TreeFile][] {
  const { formula } = model;
  const { parts } = template;
  const bring = bringTemplate(template, formula);
  const units: (ManagedFile & { wants?: string })[] = [
    ...(parts.units ?? []),
    ...bring.units,
    ...linkUnits(template, formula),
  ].map((unit) => ({
    path: `${UNITS}/${unit.name}`,
    content: unit.content,
    user: "root",
    group: "root",
    mode: "0644",
    dirMode: "0755",
    why: unit.why,
    ...(unit.wantedBy && { wants: `/etc/systemd/system/${unit.wantedBy}.wants/${unit.name}` }),
  }));
  const files = [...units, ...(parts.files ?? [])];
  const view = {
    formula,
    name: template.name,
    stock: template.stock,
    role: template.purpose,
    packages: [...(parts.packages ?? []), ...bring.packages],
    users: parts.users ?? [],
    files: files.map((file) => ({
      ...fileView(file, template.name, formula),
      wants: "wants" in file ? file.wants : false,
    })),
  };
  return [
    [paths(formula).template(template.name), { text: fill(templateStates, view), mode: "0644" }],
    ...files.map((file) => landed(file.path, file.content, template.name, formula)),
  ];
}

function fileView({ path, user, group, mode, dirMode, why }: ManagedFile, machine: string, formula: string) {
  return { path, user, group, mode, dirMode, why, source: paths(formula).source(machine, path) };
}

function landed(path: string, content: Content, machine: string, formula: string): [string, TreeFile] {
  const text = "verbatim" in content ? content.verbatim : fill(content.template, content.view);
  return [paths(formula).file(machine, path), { text, mode: "0644" }];
}
