// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

const DIGEST = /^[0-9a-f]{64}$/;
const KEY = /^[0-9A-F]{40}$/;
const NAME = /^[\w.+-]+$/;

/** A recipe as it was read back: nothing of it is taken for granted. */
type Read = { readonly [key: string]: unknown };

/** What each qube is told about its program: every file has one pin that is one, no address but https, and no way out where there is no net qube. */
export function* recipes({ tree }: Reading, model: Model): Iterable<string> {
  const folder = paths(model.formula).file("", "").slice(0, -1);
  for (const [file, { text }] of tree) {
    const [, machine, path] =
      /^\/?([^/]+)(\/.*(?:\/recipe\.json|\/recipes\/[^/]+\.json))$/.exec(file.slice(folder.length)) ?? [];
    if (!file.startsWith(folder) || machine === undefined || path === undefined) continue;
    const recipe = JSON.parse(text) as Read;
    const wanted = [...Object.values(recipe["artifacts"] as Read), ...(recipe["more"] as unknown[])] as Read[];
    for (const one of wanted) {
      const pins = ["sha256", "tar_sha256", "signed"].filter((key) => key in one);
      const digest = one["sha256"] ?? one["tar_sha256"];
      if (!NAME.test(String(one["file"]))) yield `${file}: ${String(one["file"])} is no file's name`;
      if (pins.length !== 1) yield `${file}: ${String(one["file"])} has ${pins.length} pins`;
      if (digest !== undefined && !DIGEST.test(String(digest))) yield `${file}: ${String(digest)} is no digest`;
      if (one["signed"] !== undefined && !asksForEnough(one["signed"] as Read))
        yield `${file}: ${String(one["file"])} could be signed by anybody`;
    }
    for (const url of Object.values(recipe["urls"] as Read))
      if (!/^https:\/\/[\w.-]+\/[\w./+-]+$/.test(String(url)))
        yield `${file}: ${String(url)} would not be fetched safely`;
    const qube = model.qubes.find(({ name }) => name === machine);
    if (recipe["proxy"] === null && qube?.netvm) yield `${file}: ${machine} would not fetch, though it has a net qube`;
    if (recipe["proxy"] !== null && !qube?.netvm) yield `${file}: ${machine} would fetch without a net qube`;
    if (!path.startsWith(`/usr/local/lib/qwbtc-salt/`)) yield `${file}: nothing reads it there`;
  }
}

function asksForEnough({ keys, threshold }: Read): boolean {
  const all = keys as readonly unknown[];
  const distinct = new Set(all);
  return (
    distinct.size === all.length &&
    all.every((one) => KEY.test(String(one))) &&
    typeof threshold === "number" &&
    Number.isInteger(threshold) &&
    threshold >= 1 &&
    threshold <= distinct.size
  );
}
