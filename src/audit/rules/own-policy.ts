// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";

const otherwise = message("QB830", {
  severity: "error",
  title: "A policy that does not land as it stands here",
  say: (what: string) => what,
  why: "All that is said of who reaches whom is read from the tree's policy. It holds only if dom0 has that text in that file after each apply, whatever else is there or not.",
  fix: "A file of its own in the tree, and a state that writes it without conditions.",
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

/** Each policy lands whole and always, and there is nothing in the tree that nobody applies. */
export function* ownPolicy({ facts }: Audit): Iterable<Diagnostic> {
  const { tree, states } = facts;
  for (const path of tree.keys())
    if (path.endsWith(".sls") && !states.used.has(path)) yield stray.at(placeIn(tree, { file: path, line: 1 }), path);
  for (const [path, { state, origin, text = "" }] of facts.policies) {
    const at = placeIn(tree, state);
    // What an include would read lies on the machine, and not in the tree.
    if (/^\s*!/m.test(text)) yield otherwise.at(at, `${path} has a line that reads another file`);
    const more = [...state.args.keys()].filter((key) => !ARGUMENTS.has(key));
    if (more.length > 0) yield otherwise.at(at, `${path} is written with ${more.join(" and ")}`);
    if (origin === state.file) yield otherwise.at(at, `${path} is not taken from a text of its own in the tree`);
    if (state.args.get("check_cmd") !== "/usr/bin/qubes-policy-lint")
      yield otherwise.at(at, `${path} is written without a look by qubes-policy-lint`);
  }
}
