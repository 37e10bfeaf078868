// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import { auditTree } from "../audit.ts";
import { netvmOf } from "../accepted.ts";
import type { Audit } from "../finding.ts";
import { waysOf, type Way } from "../ways.ts";
import { settingsIn } from "./settings.ts";

/** One thing that differs, in words. `security`: it changes who reaches whom, who may do what, or what runs. */
interface Change {
  readonly about: string;
  readonly say: string;
  readonly security: boolean;
}

/** What differs between two trees: first what it means, then the texts. */
export interface Difference {
  readonly changes: readonly Change[];
  /** Files that differ, by path: how, and both texts. */
  readonly files: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
  /** Machines whose states or files differ, templates first; dom0 among them where its own do. */
  readonly reapply: readonly string[];
  /** Qubes that take a change only when they start again, with the reason. */
  readonly restart: readonly { readonly qube: string; readonly why: string }[];
}

/** Compares two audited trees. */
export function difference(before: Audit, after: Audit): Difference {
  const files = textual(before, after);
  return {
    changes: [
      ...qubes(before, after),
      ...ways(before, after),
      ...properties(before, after),
      ...software(before, after),
      ...settings(before, after),
      ...findings(before, after),
      ...policies(
        before,
        after,
        files.some(({ path }) => /\/policy\.d\//.test(path)),
      ),
    ],
    files,
    reapply: machines(
      files.map(({ path }) => path),
      after,
    ),
    restart: restarts(before, after),
  };
}

function textual(before: Audit, after: Audit): Difference["files"] {
  const [a, b] = [before.facts.tree, after.facts.tree];
  const paths = [...new Set([...a.keys(), ...b.keys()])].toSorted(inCOrder);
  return paths.flatMap((path) => {
    const [old, now] = [a.get(path), b.get(path)];
    if (old?.text === now?.text && old?.mode === now?.mode) return [];
    return [{ path, ...(old && { before: old.text }), ...(now && { after: now.text }) }];
  });
}

function* qubes(before: Audit, after: Audit): Iterable<Change> {
  for (const { name, klass } of after.facts.qubes.values())
    if (!before.facts.qubes.has(name)) yield { about: name, say: `new: a ${kind(klass)} is made`, security: true };
  for (const { name, klass } of before.facts.qubes.values())
    if (!after.facts.qubes.has(name)) {
      const stays = "it stays in dom0 with its volume and its tag, by which the policies keep it shut";
      yield { about: name, say: `no longer part of the tree (${kind(klass)}): ${stays}`, security: true };
    }
}

function kind(klass: string): string {
  return klass === "TemplateVM" ? "template clone" : "qube";
}

function* ways(before: Audit, after: Audit): Iterable<Change> {
  const say = ({ to, what, starts }: Way) => `${to}: ${what}${starts ? " (a connection starts it)" : ""}`;
  const key = (way: Way) => `${way.from} ${say(way)}`;
  const [old, now] = [waysOf(before), waysOf(after)];
  const [had, has] = [new Set(old.map(key)), new Set(now.map(key))];
  for (const way of now)
    if (!had.has(key(way))) yield { about: way.from, say: `can now reach ${say(way)}`, security: true };
  for (const way of old)
    if (!has.has(key(way))) yield { about: way.from, say: `can no longer reach ${say(way)}`, security: true };
}

const FIGURES = new Set(["memory", "maxmem", "vcpus", "label", "qrexec_timeout", "autostart"]);

function* properties(before: Audit, after: Audit): Iterable<Change> {
  for (const now of after.facts.qubes.values()) {
    const old = before.facts.qubes.get(now.name);
    if (!old) continue;
    const about = now.name;
    yield* pairs(
      old.prefs,
      now.prefs,
      ({ value }) => String(value ?? "none"),
      (key, from, to) => ({ about, say: `${key} ${from} → ${to}`, security: !FIGURES.has(key) }),
    );
    yield* pairs(
      old.services,
      now.services,
      ({ on }) => (on ? "on" : "off"),
      (key, from, to) => ({ about, say: `service ${key} ${from} → ${to}`, security: true }),
    );
    yield* pairs(
      old.features,
      now.features,
      ({ value }) => `"${value}"`,
      (key, from, to) => ({ about, say: `feature ${key} ${from} → ${to}`, security: key !== "menu-items" }),
    );
    yield* pairs(
      old.tags,
      now.tags,
      () => "there",
      (key, from, to) => ({ about, say: `tag ${key} ${from} → ${to}`, security: true }),
    );
  }
}

function* pairs<T>(
  old: ReadonlyMap<string, T>,
  now: ReadonlyMap<string, T>,
  shown: (value: T) => string,
  change: (key: string, from: string, to: string) => Change,
): Iterable<Change> {
  for (const key of [...new Set([...old.keys(), ...now.keys()])].toSorted(inCOrder)) {
    const [a, b] = [old.get(key), now.get(key)].map((one) => (one === undefined ? "not set" : shown(one))) as [
      string,
      string,
    ];
    if (a !== b) yield change(key, a, b);
  }
}

function* software(before: Audit, after: Audit): Iterable<Change> {
  const of = ({ facts }: Audit) => {
    try {
      return (
        (JSON.parse(facts.tree.get("MANIFEST.json")?.text ?? "{}") as { software?: Record<string, unknown> })
          .software ?? {}
      );
    } catch {
      return {};
    }
  };
  const [old, now] = [of(before), of(after)];
  for (const name of Object.keys(now).toSorted(inCOrder))
    if (!(name in old)) yield { about: "software", say: `${name} is new`, security: true };
    else if (JSON.stringify(old[name]) !== JSON.stringify(now[name]))
      yield { about: "software", say: `what pins ${name} has changed`, security: true };
  for (const name of Object.keys(old).toSorted(inCOrder))
    if (!(name in now)) yield { about: "software", say: `${name} is no longer used`, security: true };
}

function* settings(before: Audit, after: Audit): Iterable<Change> {
  const old = new Map(before.facts.landed.map((one) => [`${one.machine} ${one.path}`, one]));
  for (const { machine, path, text, mode, user } of after.facts.landed) {
    const was = old.get(`${machine} ${path}`);
    if (!was) continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (was.mode !== mode || was.user !== user)
      yield { about: machine, say: `${path}: ${was.user} ${was.mode} → ${user} ${mode}`, security: true };
    if (was.text === text || text === undefined || was.text === undefined || /\/policy\.d\//.test(path)) continue;
    const [a, b] = [settingsIn(was.text), settingsIn(text)];
    yield* pairs(
      a,
      b,
      (value) => value,
      (key, from, to) => ({
        about: machine,
        say: `${key} ${from} → ${to}, in ${name}`,
        security: !/cache|db_mem|threads|maxupload/.test(key),
      }),
    );
  }
}

function* findings(before: Audit, after: Audit): Iterable<Change> {
  const say = (audit: Audit) =>
    new Set(auditTree(audit).map(({ code, severity, say: what }) => `${severity} ${code}: ${what}`));
  const [old, now] = [say(before), say(after)];
  for (const one of now) if (!old.has(one)) yield { about: "audit", say: `new ${one}`, security: true };
  for (const one of old) if (!now.has(one)) yield { about: "audit", say: `no longer ${one}`, security: true };
}

/** Lines of our policies that came or went and change no way: denies. */
function* policies(before: Audit, after: Audit, changed: boolean): Iterable<Change> {
  if (!changed) return;
  const lines = ({ facts, machine }: Audit) =>
    new Set(
      machine.policy.rules
        .filter(({ file }) => facts.policies.has(file))
        .map(({ text }) => text.replaceAll(/\s+/g, " ")),
    );
  const [old, now] = [lines(before), lines(after)];
  for (const line of now) if (!old.has(line)) yield { about: "policy", say: `+ ${line}`, security: true };
  for (const line of old) if (!now.has(line)) yield { about: "policy", say: `- ${line}`, security: true };
}

function machines(paths: readonly string[], { facts }: Audit): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const [, file] = /\/files\/([^/]+)\//.exec(path) ?? [];
    const [, states] = /\/(?:qube|template)\/([^/]+)\.sls$/.exec(path) ?? [];
    if (file !== undefined || states !== undefined) found.add(file ?? states ?? "");
    else if (/\/dom0\/|\.top$|minion\.d/.test(path)) found.add("dom0");
  }
  const rank = (name: string) => (name === "dom0" ? 0 : facts.qubes.get(name)?.klass === "TemplateVM" ? 1 : 2);
  return [...found]
    .filter((name) => name === "dom0" || facts.qubes.has(name))
    .toSorted((a, b) => rank(a) - rank(b) || inCOrder(a, b));
}

/** Properties that a running qube keeps until it starts again (qubes-core-admin qubes/vm/qubesvm.py). */
const AT_START = ["memory", "maxmem", "vcpus", "template", "kernel", "qrexec_timeout"];

function restarts(before: Audit, after: Audit): Difference["restart"] {
  const templates = new Set(
    textual(before, after).flatMap(({ path }) => /\/(?:files|template)\/([^/]+?)(?:\.sls$|\/)/.exec(path)?.[1] ?? []),
  );
  return after.machine.ours.flatMap(({ name, prefs, template, services }) => {
    const old = before.facts.qubes.get(name);
    if (!old) return [];
    const changed = AT_START.filter((key) => String(old.prefs.get(key)?.value) !== String(prefs.get(key)?.value));
    const switched = [...services].some(([key, { on }]) => (old.services.get(key)?.on ?? false) !== on);
    const why = [
      ...(changed.length > 0 ? [changed.join(", ")] : []),
      ...(switched ? ["its services"] : []),
      ...(template !== undefined && templates.has(template) ? [`its template ${template}`] : []),
      ...(netvmOf(name, before.facts) === netvmOf(name, after.facts)
        ? []
        : ["its net qube (at once, but tor's circuits and firewall are made at its start)"]),
    ];
    return why.length > 0 ? [{ qube: name, why: why.join("; ") }] : [];
  });
}
