// SPDX-License-Identifier: GPL-3.0-or-later
import { ACTIONS, actionsOf, ARGUMENTS, pairsOf, prefName } from "./arguments.ts";
import { isSure } from "./conditions.ts";
import type { QubeFacts } from "./facts.ts";
import type { StateCall } from "./states.ts";

type Draft = {
  -readonly [K in keyof QubeFacts]: QubeFacts[K] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : QubeFacts[K];
} & {
  /** What a state has set so far, for certain or not. */
  readonly said: Set<string>;
  /** Whether a list of prefs says more than names and values: then nothing is certain of any. */
  unread: boolean;
};

/** What the states of dom0 make of each qube and template. */
export function qubesOf(calls: readonly StateCall[]): Map<string, QubeFacts> {
  const qubes = new Map<string, Draft>();
  for (const call of calls) {
    if (call.machine !== "dom0" || !call.fun.startsWith("qvm.") || call.fun === "qvm.template_installed") continue;
    const known = qubes.get(call.name) ?? draft(call);
    qubes.set(call.name, known);
    const sure = isSure(call) && isPlain(call);
    for (const [action, list] of actionsOf(call)) apply(known, action, list, call, sure);
  }
  for (const qube of qubes.values()) if (qube.unread) qube.prefs.clear();
  return qubes;
}

/** Whether nothing in a state decides in another way whether, when or as what it runs. */
function isPlain(call: StateCall): boolean {
  const known = ARGUMENTS[call.fun];
  if (known && ![...call.args.keys()].every((key) => known.has(key))) return false;
  return actionsOf(call).every(([action, list]) => {
    const keys = ACTIONS[action];
    return keys === undefined || (pairsOf(list)?.every(([key]) => keys.has(key)) ?? false);
  });
}

function draft(at: StateCall): Draft {
  return {
    name: at.name,
    klass: "AppVM",
    at,
    made: false,
    prefs: new Map(),
    unsure: new Map(),
    features: new Map(),
    services: new Map(),
    tags: new Map(),
    template: undefined,
    firewall: undefined,
    said: new Set(),
    unread: false,
  };
}

function apply(qube: Draft, action: string, list: unknown, at: StateCall, sure: boolean): void {
  const items = Array.isArray(list) ? list : [];
  const pairs = items.flatMap((one) => (typeof one === "object" && one !== null ? Object.entries(one as object) : []));
  const listed = (...keys: string[]) =>
    pairs.filter(([key]) => keys.includes(key)).flatMap(([, value]) => (Array.isArray(value) ? value : [value]));
  switch (action) {
    case "present":
      qube.made = true;
      for (const [key, value] of pairs)
        if (key === "class") qube.klass = String(value);
        else if (key === "template") qube.template ??= String(value);
        else if (key === "label") qube.prefs.set("label", { value: String(value), at });
        else if (key === "flags" && Array.isArray(value) && value.includes("standalone")) qube.klass = "StandaloneVM";
      break;
    case "clone":
      qube.made = true;
      qube.klass = "TemplateVM";
      qube.template = String(pairs.find(([key]) => key === "source")?.[1] ?? "");
      break;
    case "prefs":
      if (pairsOf(list) === undefined) qube.unread = true;
      for (const [key, value] of pairs) setPref(qube, key, value, at, sure);
      break;
    case "features":
      for (const name of listed("enable")) qube.features.set(String(name), { value: "1", at });
      for (const name of listed("disable")) qube.features.set(String(name), { value: "", at });
      for (const one of listed("set"))
        if (typeof one === "object" && one !== null)
          for (const [key, value] of Object.entries(one)) qube.features.set(key, { value: String(value), at });
      for (const [name, { value }] of qube.features)
        if (name.startsWith("service.")) qube.services.set(name.slice("service.".length), { on: value !== "", at });
      break;
    case "service":
      for (const name of listed("enable")) qube.services.set(String(name), { on: true, at });
      for (const name of listed("disable")) qube.services.set(String(name), { on: false, at });
      break;
    case "firewall":
      for (const [key, value] of pairs) {
        if (key !== "set") continue;
        // Of two lists nobody knows which is the last: then it counts as open.
        const certain = sure && !qube.said.has(action);
        qube.firewall = certain ? { rules: Array.isArray(value) ? value.map(String) : [], at } : undefined;
        qube.said.add(action);
      }
      break;
    case "tags":
      for (const name of listed("add", "present")) qube.tags.set(String(name), at);
      for (const name of listed("del", "absent")) qube.tags.delete(String(name));
      break;
    default:
  }
}

/** What else qvm.prefs takes for an order than a name and a value; the order decides what becomes of all the others (ext_module_qvm.py prefs). */
const ORDERS = new Set(["set", "get", "gry", "list", "default", "action", "status-mode", "flags"]);

function setPref(qube: Draft, key: string, value: unknown, at: StateCall, sure: boolean): void {
  const name = prefName(key);
  if (ORDERS.has(key) || (typeof value === "object" && value !== null)) {
    qube.unread = true;
    return;
  }
  if (name === "template") qube.template = String(value);
  // A null takes back what was set (ext_module_qvm.py prefs, delattr); of two states nobody knows which is the last.
  if (!sure || value === null || qube.said.has(`pref ${name}`)) {
    qube.unsure.set(name, at);
    qube.prefs.delete(name);
  } else {
    const none = value === "none" || value === "";
    qube.prefs.set(name, { value: none ? null : (value as string | number | boolean), at });
  }
  qube.said.add(`pref ${name}`);
}
