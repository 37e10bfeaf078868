// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { checkCommand } from "../../render/secrets.ts";
import { knowsConditions } from "../conditions.ts";
import { placeIn, type Audit } from "../finding.ts";
import type { StateCall } from "../states.ts";

const condition = message("QB802", {
  severity: "error",
  title: "A condition that this audit does not know",
  say: (id: string, what: string) => `${id} acts by a condition that is not known for it: ${what}`,
  why: "A condition is a command of root's: it can do anything itself, and one that never holds keeps a state from acting at all.",
  fix: "Ask exactly what the states of this tree otherwise ask before this, or nothing.",
  source: "Salt's documentation, requisites, unless and onlyif; salt/state.py _run_check",
});

const check = message("QB803", {
  severity: "error",
  title: "A check of a file that this audit does not know",
  say: (path: string, command: string) => `${path} is checked by what is not known for it: ${command}`,
  why: "A check runs as root with the path of the new file behind it, secrets among them: it can copy that file, or take whatever it says.",
  fix: "qubes-policy-lint for policies; for a secret the pattern of its whole text, as the other secrets have it.",
  source: "Salt's documentation, file.managed check_cmd; salt/state.py _run_check_cmd",
});

/** Which patterns say the shape of a secret: a password, the hash of one, a client's key to an onion service. None takes a line break. */
const SHAPES =
  /^(?:[\w-]+:\[A-Za-z0-9_-\]\+|rpcauth=[\w-]+:\[0-9a-f\]\+\[\$\]\[0-9a-f\]\{64\}|[a-z2-7]{56}:descriptor:x25519:\[A-Z2-7\]\{52\})$/;

/** What states ask before they act, and how files are looked at before they land, is known word by word. */
export function* conditions({ facts: { tree, states, formula } }: Audit): Iterable<Diagnostic> {
  for (const state of states.calls) {
    const { id, args, name } = state;
    if (!knowsConditions(state, formula)) {
      const said = ["unless", "onlyif"].filter((key) => args.has(key));
      yield condition.at(
        placeIn(tree, state),
        id,
        said.map((key) => `${key} ${JSON.stringify(args.get(key))}`).join(", "),
      );
    }
    if (args.has("check_cmd") && !knowsCheck(state))
      yield check.at(placeIn(tree, state), name, String(args.get("check_cmd")));
  }
}

function knowsCheck({ name, machine, args }: StateCall): boolean {
  const said = args.get("check_cmd");
  const pillar = args.get("contents_pillar");
  if (typeof pillar !== "string")
    return machine === "dom0" && name.startsWith("/etc/qubes/policy.d/") && said === "/usr/bin/qubes-policy-lint";
  if (typeof said !== "string" || !/^[\w:.-]+$/.test(pillar)) return false;
  // Of the four quoted words the second is the pattern.
  const shape = said.split("'")[3] ?? "";
  return SHAPES.test(shape) && said === checkCommand({ check: shape, pillar });
}
