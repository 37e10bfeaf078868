// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading, State } from "./reading.ts";

/** Every include, top entry, source and requisite leads somewhere; IDs are unique in each highstate; no file lies unused. */
export function* references({ tree, states, includes, targets }: Reading, model: Model): Iterable<string> {
  const { top, root } = paths(model.formula);
  const fileOf = (sls: string) => {
    const base = `${root}/${sls.replaceAll(".", "/")}`;
    return tree.has(`${base}.sls`) ? `${base}.sls` : tree.has(`${base}/init.sls`) ? `${base}/init.sls` : undefined;
  };
  const byFile = groupByFile(states);
  const used = new Set<string>();

  const expected = new Set([
    "dom0",
    ...model.templates.filter((one) => one.clone).map((one) => one.name),
    ...model.qubes.map((one) => one.name),
  ]);
  for (const name of expected) if (!targets.has(name)) yield `${top}: ${name} has no states`;
  for (const [target, entries] of targets) {
    if (!expected.has(target)) yield `${top}: ${target} is none of ours`;
    const files = new Set<string>();
    const queue = entries.filter((entry) => typeof entry === "string");
    for (let sls = queue.shift(); sls !== undefined; sls = queue.shift()) {
      const file = fileOf(sls);
      if (file === undefined) yield `${top}: ${target} includes ${sls}, which is not there`;
      if (file === undefined || files.has(file)) continue;
      files.add(file);
      queue.push(...(includes.get(file) ?? []));
    }
    yield* highstate(
      target,
      [...files].flatMap((file) => byFile.get(file) ?? []),
    );
  }

  for (const { file, id, source } of states) {
    if (!source?.startsWith("salt://")) continue;
    const path = `${root}/${source.slice("salt://".length)}`;
    if (!tree.has(path)) yield `${file}: ${id} wants ${source}, which is not there`;
    used.add(path);
  }
  for (const path of tree.keys()) if (path.includes("/files/") && !used.has(path)) yield `${path}: no state uses it`;
}

/** States by their file. */
export function groupByFile(states: readonly State[]): Map<string, State[]> {
  const groups = new Map<string, State[]>();
  for (const state of states) {
    const group = groups.get(state.file);
    if (group) group.push(state);
    else groups.set(state.file, [state]);
  }
  return groups;
}

function* highstate(target: string, states: readonly State[]): Iterable<string> {
  const known = new Set<string>();
  for (const { id, fun } of states) {
    const key = `${fun.split(".")[0]}:${id}`;
    if (known.has(key)) yield `${target}: two states have the ID ${id}`;
    known.add(key);
  }
  for (const { file, id, requires } of states) {
    for (const requisite of requires) {
      if (!known.has(requisite)) yield `${file}: ${id} requires ${requisite.replace(":", " ")}, which is not there`;
    }
  }
}
