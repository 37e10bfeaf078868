// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";
import type { StateCall } from "../states.ts";

const nobody = message("QB703", {
  severity: "error",
  title: "States for a machine that this tree does not make",
  say: (name: string) => `${name} is given states, and no state of this tree makes it`,
  why: "qubesctl passes over a name that there is not, in silence: what was meant for it never happens. A qube of that name that is there already is changed, whoever it belongs to.",
  fix: "Correct the name; or make the qube, and guard it.",
  source: "qubes-mgmt-salt qubessalt/__init__.py",
});

const twice = message("QB704", {
  severity: "error",
  title: "Two states of one name",
  say: (id: string, machine: string, other: string) => `${id} stands here and in ${other}, both for ${machine}`,
  why: "Salt refuses all states of a machine in which two have one ID: nothing of it is applied.",
  fix: "Give each an ID of its own, with the formula's name in front.",
  source: "Salt's documentation, highstate: conflicting IDs",
});

const advice = message("QB705", {
  severity: "warning",
  title: "Instructions that lead nowhere",
  say: (what: string) => what,
  why: "Whoever follows them types a command that does nothing, or fails: qubesctl passes over the name of a qube that there is not, and an unknown state stops a run.",
  fix: "Correct the name in the text, or the one in the tree.",
  source: "qubes-mgmt-salt qubessalt/__init__.py",
});

/** Every name by which machines, states and instructions are meant to be found leads to something. */
export function* named({ facts }: Audit): Iterable<Diagnostic> {
  const { tree, states, qubes } = facts;
  const gone = new Set<string>();
  const seen = new Map<string, StateCall>();
  for (const state of states.calls) {
    const { machine, id, file } = state;
    if (machine !== "dom0" && !qubes.get(machine)?.made && !gone.has(machine)) {
      gone.add(machine);
      yield nobody.at(placeIn(tree, state), machine);
    }
    const key = `${machine}\n${id}`;
    const first = seen.get(key);
    if (first && first.file !== file) yield twice.at(placeIn(tree, state), id, machine, first.file);
    else seen.set(key, state);
  }
  yield* instructions(facts);
}

/** What a text for people tells them to type: `qubesctl --targets=…`, and `state.apply` or `state.sls` with a state's name. */
function* instructions({ tree, qubes }: Audit["facts"]): Iterable<Diagnostic> {
  for (const [file, { text }] of tree) {
    if (!file.endsWith(".md")) continue;
    for (const [index, line] of text.split("\n").entries()) {
      if (!/\bqubesctl\b/.test(line)) continue;
      const at = placeIn(tree, { file, line: index + 1 });
      for (const [, list = ""] of line.matchAll(/--targets?[= ]([\w.,-]+)/g))
        for (const name of list.split(","))
          if (/^[a-z]/.test(name) && name !== "dom0" && !qubes.has(name))
            yield advice.at(at, `${name} is no qube of this tree`);
      const [, sls] = /\bstate\.(?:apply|sls) +([\w.,/-]+)/.exec(line) ?? [];
      for (const one of sls?.split(",") ?? [])
        if (!one.startsWith("-") && !isState(one, tree)) yield advice.at(at, `${one} is no state of this tree`);
    }
  }
}

function isState(name: string, tree: Audit["facts"]["tree"]): boolean {
  const below = name.replaceAll(".", "/");
  return [...tree.keys()].some(
    (path) => path.startsWith("srv/") && (path.endsWith(`/${below}.sls`) || path.endsWith(`/${below}/init.sls`)),
  );
}
