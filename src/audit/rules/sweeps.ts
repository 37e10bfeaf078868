// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";
import { asPattern, placesOf, type KnownPlaces } from "../known-places.ts";

const swept = message("QB829", {
  severity: "error",
  title: "A command that removes or changes files of which it is not known whose they are",
  say: (command: string, machine: string) => `in ${machine}: ${command}`,
  why: "Wallets, keys and a chain lie in folders of the same kind. What is deleted there comes back from a backup, or not at all.",
  fix: "Let it remove only from folders that are the tree's own, and change only the file that this version changes.",
  source: "the roles of this version, src/roles/*/lands.ts",
});

/** What a topology names no longer is removed from folders of ours alone; keys are merged into one known file. */
export function* sweeps(audit: Audit): Iterable<Diagnostic> {
  for (const state of audit.facts.states.calls) {
    if (state.fun !== "cmd.run" || !/ -delete\b|\/merge-json /.test(state.name)) continue;
    const known = placesOf(state.machine, audit);
    if (!sweeper(state.name, known) && !merger(state.name, known))
      yield swept.at(placeIn(audit.facts.tree, state), state.name, state.machine);
  }
}

function sweeper(command: string, { swept: folders }: KnownPlaces): boolean {
  const [, user, folder = "", depth, glob] =
    /^cd \/ && runuser -u ([\w-]+) -- find (\/[\w./-]+) -(max|min)depth 1(?: -name '([^']*)')?(?: ! -(?:name|path) [\w./-]+)* -delete$/.exec(
      command,
    ) ?? [];
  return folders.some(
    (one) =>
      one.user === user &&
      one.glob === glob &&
      depth === (one.glob === undefined ? "min" : "max") &&
      new RegExp(`^${asPattern(one.folder)}$`).test(folder),
  );
}

function merger(command: string, { merged }: KnownPlaces): boolean {
  const [, user, wanted, path] =
    /^(?:cd \/ && )?runuser -u ([\w-]+) -- \/usr\/local\/lib\/qwbtc-salt\/merge-json (\S+) (\S+)$/.exec(command) ?? [];
  return merged.some((one) => one.user === user && one.wanted === wanted && one.path === path);
}
