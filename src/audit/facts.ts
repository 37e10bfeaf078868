// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../kernel/tree.ts";
import { qubesOf } from "./qubes.ts";
import { readStates, type Place, type StateCall, type States } from "./states.ts";

/** What the states of a tree make of one qube or template, each fact with the state that says it. */
export interface QubeFacts {
  readonly name: string;
  /** `AppVM` unless a state says otherwise; a clone of a template is a template. */
  readonly klass: string;
  /** The first state that is about it. */
  readonly at: StateCall;
  /** Whether a state of this tree makes it. */
  readonly made: boolean;
  /** Qubes' properties by their own names, with underscores; `none` as Qubes' tools take it is null. */
  readonly prefs: ReadonlyMap<string, { readonly value: string | number | boolean | null; readonly at: StateCall }>;
  /** Prefs of which no state tells for certain what they are: set twice, or under a condition, or set back. They are not among the others. */
  readonly unsure: ReadonlyMap<string, StateCall>;
  readonly features: ReadonlyMap<string, { readonly value: string; readonly at: StateCall }>;
  /** Services that are switched on or off. */
  readonly services: ReadonlyMap<string, { readonly on: boolean; readonly at: StateCall }>;
  readonly tags: ReadonlyMap<string, StateCall>;
  /** The template that it is cloned from, or runs on. */
  readonly template: string | undefined;
  /** The rules of dom0's firewall for it, the last list that a state sets; undefined where none does: then it is open. */
  readonly firewall: { readonly rules: readonly string[]; readonly at: StateCall } | undefined;
}

/** A file that a state writes. */
export interface Landed extends Place {
  readonly machine: string;
  /** Where it lands. */
  readonly path: string;
  /** What it says; absent where the tree does not have it: a secret, or another source. */
  readonly text: string | undefined;
  /** Where its text stands in the tree: its own file, or the state itself. */
  readonly origin: string;
  readonly mode: string | undefined;
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly state: StateCall;
}

/** What MANIFEST.json says of itself, as far as it can be read. */
interface Claims {
  readonly formula: string | undefined;
  readonly roles: ReadonlyMap<string, string>;
}

/** All that a finished tree does, read from the tree alone. */
export interface Facts {
  readonly tree: Tree;
  readonly states: States;
  readonly formula: string | undefined;
  /** The roles that the manifest claims, by qube. */
  readonly roles: ReadonlyMap<string, string>;
  readonly qubes: ReadonlyMap<string, QubeFacts>;
  readonly landed: readonly Landed[];
  /** The same by the machines that they are for. */
  readonly landedIn: ReadonlyMap<string, readonly Landed[]>;
  /** Policy files as they will lie in dom0: absolute path → the file of the tree. */
  readonly policies: ReadonlyMap<string, Landed>;
}

/** Reads a tree. */
export function factsOf(tree: Tree): Facts {
  const states = readStates(tree);
  const { formula, roles } = claimsOf(tree);
  const served = servedBy(tree);
  const landed = states.calls.flatMap((call) => landedBy(call, tree, served));
  const policies = new Map(
    landed
      .filter(({ machine, path }) => machine === "dom0" && /^\/(?:etc|run)\/qubes\/policy\.d\//.test(path))
      .map((file) => [file.path, file]),
  );
  const landedIn = new Map<string, Landed[]>();
  for (const one of landed) {
    const known = landedIn.get(one.machine);
    if (known) known.push(one);
    else landedIn.set(one.machine, [one]);
  }
  return { tree, states, formula, roles, qubes: qubesOf(states.calls), landed, landedIn, policies };
}

function claimsOf(tree: Tree): Claims {
  try {
    const manifest = JSON.parse(tree.get("MANIFEST.json")?.text ?? "{}") as {
      formula?: unknown;
      qubes?: Record<string, { role?: unknown }>;
    };
    const roles = Object.entries(manifest.qubes ?? {}).flatMap(([name, one]): [string, string][] =>
      typeof one?.role === "string" ? [[name, one.role]] : [],
    );
    return { formula: typeof manifest.formula === "string" ? manifest.formula : undefined, roles: new Map(roles) };
  } catch {
    return { formula: undefined, roles: new Map() };
  }
}

/** What is written in the tree's own words: `file.managed` and what writes lines; a source that the tree has, or contents in the state. */
function landedBy(state: StateCall, tree: Tree, served: ReadonlyMap<string, string>): Landed[] {
  if (state.fun !== "file.managed") return [];
  const { args, machine, file, line, name } = state;
  const text = (key: string) => (args.has(key) ? String(args.get(key)) : undefined);
  const source = text("source");
  const origin = source?.startsWith("salt://") ? served.get(source.slice("salt://".length)) : undefined;
  const contents = args.get("contents");
  const said = Array.isArray(contents)
    ? contents.map(String).join("\n")
    : contents === undefined
      ? undefined
      : String(contents);
  return [
    {
      file,
      line,
      machine,
      path: name,
      text: origin === undefined ? said : tree.get(origin)?.text,
      origin: origin ?? file,
      mode: text("mode"),
      user: text("user"),
      group: text("group"),
      state,
    },
  ];
}

/** What Salt serves as `salt://…`, by that path: of two files the first root's counts (srv/salt, then the formulas in the order of the tree). */
function servedBy(tree: Tree): Map<string, string> {
  const served = new Map<string, string>();
  for (const path of tree.keys()) if (path.startsWith("srv/salt/")) served.set(path.slice("srv/salt/".length), path);
  for (const path of tree.keys()) {
    if (!path.startsWith("srv/formulas/")) continue;
    const below = path.split("/").slice(4).join("/");
    if (!served.has(below)) served.set(below, path);
  }
  return served;
}
