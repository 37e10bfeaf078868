// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { paths, policyNames } from "../../render/paths.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";

const otherwise = message("QB830", {
  severity: "error",
  title: "A policy that does not land as it stands here",
  say: (what: string) => what,
  why: "All that is said of who reaches whom is read from the tree's policy. It holds only if dom0 has that text in that file after each apply, whatever else is there or not.",
  fix: "Both files of the formula, each written from its text in the tree by a state without conditions.",
  source: "qubes-core-qrexec qrexec/policy/parser.py, load_policy_dirs; Salt's documentation, file.managed",
});

const stray = message("QB831", {
  severity: "error",
  title: "States that nobody applies",
  say: (file: string) => `no top file leads to ${file}`,
  why: "What stands there looks done to whoever reads it, and is not; or it is applied by hand on a machine that only its reader chooses.",
  fix: "Include it where its machine's states begin, or take it out.",
  source: "Salt's documentation, top file",
});

/** The arguments with which the state of a policy file says all that it says. */
const ARGUMENTS = new Set(["name", "source", "user", "group", "mode", "check_cmd", "require"]);

/** The formula's policy lands whole and always, and so does everything else that stands in the tree. */
export function* ownPolicy({ facts }: Audit): Iterable<Diagnostic> {
  const { tree, formula, states, landedIn } = facts;
  for (const path of tree.keys())
    if (path.endsWith(".sls") && !states.used.has(path)) yield stray.at(placeIn(tree, { file: path, line: 1 }), path);
  if (formula === undefined) return;
  for (const name of Object.values(policyNames(formula))) {
    const path = `/etc/qubes/policy.d/${name}`;
    const landed = (landedIn.get("dom0") ?? []).filter((one) => one.path === path);
    if (landed.length === 0) {
      const manifest = tree.get("MANIFEST.json")?.text ?? "";
      const at = placeIn(tree, { file: "MANIFEST.json", line: lineWith(manifest, /^ {2}"formula"/) });
      yield otherwise.at(at, `no state writes ${path}`);
    }
    for (const { state } of landed) {
      const at = placeIn(tree, state);
      const more = [...state.args.keys()].filter((key) => !ARGUMENTS.has(key));
      if (more.length > 0) yield otherwise.at(at, `${path} is written with ${more.join(" and ")}`);
      if (state.args.get("source") !== paths(formula).source("dom0", path))
        yield otherwise.at(at, `${path} is not taken from its text in the tree`);
      if (state.args.get("check_cmd") !== "/usr/bin/qubes-policy-lint")
        yield otherwise.at(at, `${path} is written without a look by qubes-policy-lint`);
    }
  }
}
