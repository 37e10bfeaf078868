// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";
import { guardsOf } from "../guards.ts";
import type { StateCall } from "../states.ts";

const STATES = "qubes-mgmt-salt-dom0-qvm _states/ext_state_qvm.py, _modules/ext_module_qvm.py";

const unguarded = message("QB740", {
  severity: "error",
  title: "A state that no guard stands before",
  say: (id: string, name: string) => `${id} acts on ${name} whoever it belongs to`,
  why: "A qube of that name may be somebody's already: it would be given another template, net qube or firewall, and its keys another life.",
  fix: "Let it require a check that stops where the name exists without the formula's tag, before anything is written.",
  source: STATES,
});

const strange = message("QB741", {
  severity: "error",
  title: "A state that acts beyond the formula's own qubes",
  say: (id: string, name: string) => `${id} acts on ${name}, which this tree does not make`,
  why: "A formula that changes a stock qube or template changes every qube that relies on it.",
  fix: "Clone the template, or leave the qube alone.",
  source: "the design of this tree",
});

const untagged = message("QB742", {
  severity: "error",
  title: "A qube without the formula's tag",
  say: (name: string, tag: string) => `${name} is never tagged ${tag}`,
  why: "By its tag the guard knows a qube for ours, and the policies keep it shut once the topology no longer names it.",
  fix: "Add the tag right after the qube was made.",
  source: "the design of this tree",
});

const always = message("QB743", {
  severity: "error",
  title: "A command that runs every time",
  say: (id: string) => `${id} runs its command at every apply`,
  why: "An apply that changes nothing must do nothing: what runs each time restarts daemons, and hides what really changed.",
  fix: "Give it unless, onlyif or onchanges.",
  source: "Salt's documentation, cmd.run",
});

const inTest = message("QB744", {
  severity: "error",
  title: "Prefs that are written in test mode",
  say: (id: string) => `${id} would change properties under test=True`,
  why: "qvm.prefs has no test mode: a preview of this tree would apply it.",
  fix: "Add an unless that asks config.get for test.",
  source: STATES,
});

const early = message("QB745", {
  severity: "error",
  title: "Something happens before every qube has its network",
  say: (id: string, name: string) => `${id} does not wait for the net qube of ${name}`,
  why: "Whonix' addon gives new qubes a net qube. If another setting is refused, a run ends, and the wallet keeps the network.",
  fix: "Let it require the state that sets the net qubes.",
  source: "qubes-core-admin-addon-whonix",
});

const silent = message("QB746", {
  severity: "error",
  title: "A failed creation that nobody notices",
  say: (name: string) => `nothing looks whether ${name} was really made`,
  why: "qvm.present and qvm.clone report success even when the qube was not made, and what follows acts on nothing, or on another.",
  fix: "After it, run qvm-check for the name, and let what follows require that.",
  source: "qubes-mgmt-salt-base _utils/qubes_utils.py",
});

const unlinted = message("QB747", {
  severity: "error",
  title: "A policy file that nobody checks before it lands",
  say: (path: string) => `${path} is written without qubes-policy-lint`,
  why: "One bad line, and dom0 refuses every call of every qube.",
  fix: "check_cmd: /usr/bin/qubes-policy-lint, owner root:qubes, mode 0664",
  source: "qubes-core-qrexec qrexec/tools/qubes_policy_lint.py",
});

/** What dom0 does stands behind guards, in order, and touches only what is ours. */
export function* guarded({ facts, machine }: Audit): Iterable<Diagnostic> {
  const at = (state: StateCall) => placeIn(facts.tree, state);
  const dom0 = facts.states.calls.filter((one) => one.machine === "dom0");
  const reaches = reacher(needsOf(dom0));
  const guards = guardsOf(dom0, facts.formula);
  const isGuarded = (id: string, name: string) =>
    (guards.get(name) ?? []).some((ids) => ids.every((one) => reaches(id, [one])));
  const made = [...facts.qubes.values()].filter((one) => one.made);
  const names = new Set(made.map(({ name }) => name));
  const setsNetwork = new Map(
    machine.ours.map(({ name, prefs }) => [name, prefs.get("netvm")?.at ?? prefs.get("provides_network")?.at]),
  );

  for (const state of dom0) {
    const { fun, id, name, args } = state;
    const acts = fun.startsWith("qvm.") && fun !== "qvm.template_installed";
    if (acts && !names.has(name)) yield strange.at(at(state), id, name);
    else if (acts && !isGuarded(id, name)) yield unguarded.at(at(state), id, name);
    if (acts && args.has("prefs") && !JSON.stringify(args.get("unless") ?? "").includes('"config.get"'))
      yield inTest.at(at(state), id);
    if (fun === "qvm.prefs") yield inTest.at(at(state), id);
    if (fun === "file.managed" && /\/policy\.d\//.test(name)) {
      if (
        args.get("check_cmd") !== "/usr/bin/qubes-policy-lint" ||
        args.get("mode") !== "0664" ||
        args.get("group") !== "qubes"
      )
        yield unlinted.at(at(state), name);
      if (!isGuarded(id, name)) yield unguarded.at(at(state), id, name);
    }
    const clone = facts.qubes.get(name)?.klass === "TemplateVM";
    const late =
      !clone && (fun === "qvm.start" || args.has("service") || args.has("features") || /\/policy\.d\//.test(name));
    if (late && names.size > 0)
      for (const [qube, setter] of setsNetwork)
        if (setter && setter.id !== id && !reaches(id, [setter.id])) {
          yield early.at(at(state), id, qube);
          break;
        }
  }
  for (const state of facts.states.calls)
    if (
      ["cmd.run", "cmd.script"].includes(state.fun) &&
      !["unless", "onlyif", "onchanges", "creates"].some((key) => state.args.has(key))
    )
      yield always.at(at(state), state.id);
  const checks = new Set(
    dom0.filter(({ fun, args }) => fun === "cmd.run" && args.has("unless")).map(({ name }) => name),
  );
  for (const qube of made) {
    if (facts.formula !== undefined && !qube.tags.has(facts.formula))
      yield untagged.at(at(qube.at), qube.name, facts.formula);
    if (!checks.has(`qvm-check -- ${qube.name}`) && !checks.has(`qvm-check -q -- ${qube.name}`))
      yield silent.at(at(qube.at), qube.name);
  }
}

/** The states that each requires, by ID. */
function needsOf(states: readonly StateCall[]): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, string[]>();
  for (const { id, args } of states) {
    const own = ["require", "onchanges", "watch", "onfail"].flatMap((kind) => {
      const list = args.get(kind);
      return Array.isArray(list) ? list : [];
    });
    const names = own.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one).map(String) : [String(one)],
    );
    needs.set(id, [...(needs.get(id) ?? []), ...names]);
  }
  return needs;
}

/** Whether a state comes after one of others, directly or through what it requires. Nearly all are asked about more than once. */
function reacher(needs: ReadonlyMap<string, readonly string[]>): (id: string, wanted: readonly string[]) => boolean {
  const kept = new Map<string, ReadonlySet<string>>();
  return (id, wanted) => {
    const before = kept.get(id) ?? allBefore(id, needs);
    kept.set(id, before);
    return wanted.some((one) => before.has(one));
  };
}

/** A state and all that it requires, directly or not. */
function allBefore(id: string, needs: ReadonlyMap<string, readonly string[]>): Set<string> {
  // A set is walked in the order of its entries, those included that are added meanwhile.
  const seen = new Set([id]);
  for (const one of seen) for (const next of needs.get(one) ?? []) seen.add(next);
  return seen;
}
