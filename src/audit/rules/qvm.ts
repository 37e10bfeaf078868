// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { NOT_THE_USERS, PERSIST } from "../../model/feature-owners.ts";
import { ACTIONS, actionsOf, isKnownPref, pairsOf } from "../arguments.ts";
import { isFirstOnly } from "../conditions.ts";
import type { QubeFacts } from "../facts.ts";
import { MEANINGFUL } from "../../rules/tags-are-ours.ts";
import { placeIn, type Audit } from "../finding.ts";

const STATES = "qubes-mgmt-salt-dom0-qvm _states/ext_state_qvm.py, _modules/ext_module_qvm.py";

const action = message("QB804", {
  severity: "error",
  title: "A qube is told something that this audit does not know",
  say: (name: string, what: string, key: string) => `${name}: ${what} is told ${key}`,
  why: "By one word more a list of properties is shown and not set, a qube is taken away, or a command runs in it as root.",
  fix: "Say it as the other states of this tree do: names with their values, and nothing else.",
  source: STATES,
});

const pref = message("QB805", {
  severity: "error",
  title: "A property that this audit does not know",
  say: (name: string, key: string, value: string) => `${name} gets the property ${key}: ${value}`,
  why: "Properties decide who a qube's programs are, which devices it has, what its kernel is told, and whether disposables are made of it; and a null gives it back to the machine's default.",
  fix: "Leave it as Qubes has it; or set it by hand, where its owner sees it.",
  source: "qvm-prefs(1); qubes-core-admin qubes/vm/qubesvm.py",
});

const unsure = message("QB806", {
  severity: "error",
  title: "A property that is not set for certain",
  say: (name: string, key: string) => `nobody can tell from the states what ${key} of ${name} will be`,
  why: "It is set by two states, or by one that does not act in every run, or taken back: a net qube may be any.",
  fix: "Set it once, in a state that asks nothing but whether the qube is there and whether the run is a preview.",
  source: STATES,
});

const service = message("QB807", {
  severity: "error",
  title: "A service of a qube that this audit does not know",
  say: (name: string, one: string, on: boolean) => `${name} has the service ${one} switched ${on ? "on" : "off"}`,
  why: "A stock service listens, sends, or changes what a qube keeps; and what watches over a qube can be switched off like any other.",
  fix: "Leave it as Qubes and Whonix have it.",
  source: "qvm-service(1)",
});

const feature = message("QB808", {
  severity: "error",
  title: "A feature of a qube that this audit does not know",
  say: (name: string, key: string, value: string) => `${name} has the feature ${key}: ${JSON.stringify(value)}`,
  why: "Qubes and Whonix read features of their own: by some a qube keeps nothing, gets another desktop, or is taken for another system.",
  fix: "Leave it as Qubes and Whonix have it.",
  source: "qvm-features(1)",
});

const tag = message("QB809", {
  severity: "error",
  title: "A tag on which policies of Qubes act",
  say: (name: string, one: string) => `${name} gets the tag ${one}`,
  why: "Stock policies let a qube's maker, or what shows its windows or plays its sound, act in it, and tell these by tags.",
  fix: "Take it out, or choose another word.",
  source: "/etc/qubes/policy.d/ of R4.2 and R4.3; qubes-core-admin-addon-whonix",
});

/**
 * Stock services that may be switched on: a qube that has no network has no clock to set by it (Whonix documentation, sdwdate), and one that is
 * left alone may shut itself down (qubes-app-shutdown-idle).
 */
const ON = new Set(["no-sdwdate", "shutdown-idle"]);

/** Stock services that may be switched off: printing, and ways out. A qube without them does less. */
const OFF = new Set([
  "cups",
  "cups-browsed",
  "tinyproxy",
  "updates-proxy-setup",
  "yum-proxy-setup",
  "qubes-updates-proxy",
  "clocksync",
  "network-manager",
]);

/** What dom0 is told of a qube is known, and means what it seems to. */
export function* toldOfQubes({ facts }: Audit): Iterable<Diagnostic> {
  for (const state of facts.states.calls) {
    if (state.machine !== "dom0" || !state.fun.startsWith("qvm.") || state.fun === "qvm.template_installed") continue;
    for (const [what, list] of actionsOf(state))
      for (const key of oddIn(what, list)) yield action.at(placeIn(facts.tree, state), state.name, `qvm.${what}`, key);
    for (const [what, list] of actionsOf(state))
      if (what === "prefs")
        for (const [key, value] of pairsOf(list) ?? [])
          if (!isKnownPref(key, value))
            yield pref.at(placeIn(facts.tree, state), state.name, key, JSON.stringify(value));
  }
  for (const qube of facts.qubes.values()) yield* settled(qube, facts);
}

/** What is no plain list of what an action takes. */
function* oddIn(what: string, list: unknown): Iterable<string> {
  const pairs = pairsOf(list);
  const keys = ACTIONS[what];
  if (keys === undefined && what !== "prefs") yield "what is not known here";
  else if (pairs === undefined) yield "what is no list of names with values";
  else
    for (const [key, value] of pairs) {
      if (keys !== undefined && !keys.has(key)) yield key;
      if (!isPlain(what, key, value)) yield `${key} ${JSON.stringify(value)}`;
    }
}

const isText = (one: unknown) => typeof one === "string";

/** Whether a value is of the kind that an action takes: texts, or for features names with texts. */
function isPlain(what: string, key: string, value: unknown): boolean {
  if (what === "prefs") return true;
  if (what === "present" || what === "clone") return isText(value);
  if (what === "features" && key === "set") return pairsOf(value)?.every(([, one]) => isText(one)) ?? false;
  return Array.isArray(value) && value.every(isText);
}

function* settled({ name, prefs, services, features, unsure: open, tags }: QubeFacts, facts: Audit["facts"]) {
  const { tree, formula } = facts;
  for (const [key, at] of open) {
    // A gateway whose bridges come first has none while it is made, and is the user's from then on.
    const left = key === "netvm" && prefs.get("provides_network")?.value === true && isFirstOnly(at, formula);
    if (!left) yield unsure.at(placeIn(tree, at), name, key);
  }
  for (const [one, { on, at }] of services) {
    const ours = formula !== undefined && one.startsWith(`${formula}-`);
    if (!(on ? ours || ON.has(one) : OFF.has(one))) yield service.at(placeIn(tree, at), name, one, on);
  }
  for (const [one, at] of tags) if (MEANINGFUL.test(one)) yield tag.at(placeIn(tree, at), name, one);
  for (const [key, { value, at }] of features)
    if (!isKnownFeature(key, value, formula)) yield feature.at(placeIn(tree, at), name, key, value);
}

function isKnownFeature(key: string, value: string, formula: string | undefined): boolean {
  // Those are looked at as services.
  if (key.startsWith("service.")) return true;
  if (key === "ipv6") return value === "";
  if (key === "menu-items") return /^(?:[\w.-]+\.desktop(?: |$))*$/.test(value);
  if (formula !== undefined && key === `${formula}-stock`) return /^[\w.-]+$/.test(value);
  return !NOT_THE_USERS.test(key) && !PERSIST.test(key) && /^[\w.-]+$/.test(key) && /^[\w./:-]*$/.test(value);
}
