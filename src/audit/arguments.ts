// SPDX-License-Identifier: GPL-3.0-or-later
import type { StateCall } from "./states.ts";

/** What a qvm state may have whatever it does: whom it is for, what it waits for, and what it asks first. */
const GENERAL: ReadonlySet<string> = new Set(["name", "require", "onlyif", "unless"]);

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/**
 * The arguments that a tree of this kind gives to each function. All others change what a state does in a way that no rule here reads: a shell
 * or an environment for a command, an order, a requisite that skips it (Salt's documentation, requisites and global state arguments).
 */
export const ARGUMENTS: Readonly<Record<string, ReadonlySet<string>>> = {
  "file.managed": words(
    "name source contents contents_pillar contents_newline show_changes user group mode makedirs dir_mode follow_symlinks replace check_cmd require unless",
  ),
  "file.directory": words("name user group mode makedirs require"),
  // onfail: a marker of a creation that failed.
  "file.absent": words("name require unless onfail"),
  "file.symlink": words("name target makedirs require"),
  "cmd.run": words("name unless onlyif require onchanges"),
  "pkg.installed": words("name pkgs install_recommends skip_suggestions require"),
  "user.present": words("name uid home createhome shell usergroup system require"),
  "test.nop": words("name failhard require"),
  "test.fail_without_changes": words("name comment onlyif"),
  "qvm.vm": words("name present prefs service features firewall tags require onlyif unless"),
  "qvm.clone": words("name source require onlyif unless"),
  "qvm.start": GENERAL,
  "qvm.template_installed": words("name fromrepo require"),
};

/** What each action of qvm.vm is told by; of `prefs` and `features` the names themselves are looked at elsewhere. */
export const ACTIONS: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  present: words("template label"),
  clone: words("source"),
  service: words("enable disable"),
  features: words("set"),
  firewall: words("set"),
  tags: words("add"),
  start: words(""),
};

/** Of one qvm state, each action with the list that it gets: qvm.vm has several, the other functions are one themselves. */
export function actionsOf({ fun, args }: StateCall): [string, unknown][] {
  const own = [...args].filter(([key]) => !GENERAL.has(key));
  return fun === "qvm.vm" ? own : [[fun.slice("qvm.".length), own.map(([key, value]) => ({ [key]: value }))]];
}

const QUBE = /^[A-Za-z][\w.-]{0,30}$/;
const isQube = (value: unknown) => typeof value === "string" && QUBE.test(value);
/** qvm.prefs takes the word and the empty text alike for nobody; YAML's null resets to the machine's default (ext_module_qvm.py prefs). */
const isQubeOrNone = (value: unknown) => value === "" || isQube(value);
const isNumber = (value: unknown) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isTruth = (value: unknown) => typeof value === "boolean";

/** The prefs that a tree of this kind sets, by Qubes' own names, with what each may be (qvm-prefs(1)). */
const PREFS: Readonly<Record<string, (value: unknown) => boolean>> = {
  autostart: isTruth,
  default_dispvm: isQubeOrNone,
  include_in_backups: isTruth,
  ip: (value) => typeof value === "string" && /^[0-9.]+$/.test(value),
  label: (value) => typeof value === "string" && /^[a-z]+$/.test(value),
  maxmem: isNumber,
  memory: isNumber,
  netvm: isQubeOrNone,
  provides_network: isTruth,
  qrexec_timeout: isNumber,
  template: isQube,
  vcpus: isNumber,
};

/** Underscored names of properties, where the states spell them otherwise (qubes-mgmt-salt-dom0-qvm ext_module_qvm.py). */
const ALIASES: Readonly<Record<string, string>> = { "dispvm-allowed": "template_for_dispvms" };

/** Qubes' own name of a pref. */
export function prefName(key: string): string {
  return (ALIASES[key] ?? key).replaceAll("-", "_");
}

/** Whether it is known what setting a pref so does. */
export function isKnownPref(key: string, value: unknown): boolean {
  const name = prefName(key);
  return Object.hasOwn(PREFS, name) && PREFS[name]?.(value) === true;
}

/** A list of maps of one key each, as Salt's functions take their arguments; undefined for anything else: a bare word turns a set into a get. */
export function pairsOf(list: unknown): [string, unknown][] | undefined {
  if (!Array.isArray(list)) return undefined;
  const pairs = list.map((one): [string, unknown][] =>
    typeof one === "object" && one !== null && !Array.isArray(one) ? Object.entries(one as object) : [],
  );
  return pairs.every((one) => one.length === 1) ? pairs.flat() : undefined;
}
