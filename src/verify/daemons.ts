// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";
import { DEFAULT_SHUTDOWN, timeToStop } from "../model/stopping.ts";
import { BRING_TOOL } from "../whonix/bring-files.ts";
import { paths, powerOffPath } from "../render/paths.ts";
import type { Reading, State } from "./reading.ts";
import { groupByFile } from "./references.ts";
import { stateTexts } from "./state-texts.ts";

const TOOL = "/usr/local/lib/qwbtc-salt/in-force";
const KNOWN = "/usr/local/etc/qwbtc-salt/daemons.json";

/** A service of a template, enabled and more than one command. */
interface Unit {
  readonly name: string;
  readonly text: string;
}

/**
 * A daemon is restarted when what it reads changes, and dom0 waits for it to end: its unit notes what it starts with, the qube's states compare,
 * every file of ours in its home is one that it reads, whatever these include too, and dom0's figure is above the unit's.
 */
export function* daemons({ tree, states }: Reading, model: Model): Iterable<string> {
  const at = paths(model.formula);
  const byFile = groupByFile(states);
  const units = servicesOf(tree);
  const switchedOn = stateTexts({ tree }, model, "settings");
  const dom0 = new Map((byFile.get(at.dom0("qubes")) ?? []).map(({ name }) => [name.split(/ (?=[0-9]+$)/)[0], name]));
  const powerOff = at.file("dom0", powerOffPath(model.formula));
  const together = Number(/^TimeoutStopSec=(.*)$/m.exec(tree.get(powerOff)?.text ?? "")?.[1]);
  for (const { name: qube, template } of model.qubes) {
    const file = at.qube(qube);
    const own = byFile.get(file) ?? [];
    const texts = switchedOn.get(qube) ?? "";
    const runs = (units.get(template.name) ?? []).filter(({ text }) => texts.includes(`        - "${gateOf(text)}"\n`));
    const known = knownIn(tree.get(at.file(qube, KNOWN))?.text);
    for (const name of known.keys())
      if (!runs.some((one) => one.name === name)) yield `${file}: ${name} is looked after, but does not run there`;
    for (const unit of runs) {
      const home = (byFile.get(at.template(template.name)) ?? []).find(({ name }) => name === userOf(unit))?.home;
      yield* ofOne(unit, own, {
        file,
        home,
        reads: known.get(unit.name),
        text: (path) => tree.get(at.file(qube, path))?.text,
      });
    }
    const given = Number(dom0.get(`qvm-prefs -- ${qube} shutdown_timeout`)?.split(" ").at(-1) ?? DEFAULT_SHUTDOWN);
    const needs = timeToStop(
      runs.map(({ text }) => ({ stops: Number(/^TimeoutStopSec=(.*)$/m.exec(text)?.[1] ?? 90) })),
    );
    if (!(given >= needs))
      yield `${at.dom0("qubes")}: ${qube} is killed after ${given} s, while systemd waits for ${needs}`;
    // The gateway behind which it is ends after it.
    if (!(together >= needs + DEFAULT_SHUTDOWN)) yield `${powerOff}: at power-off dom0 does not wait for ${qube}`;
  }
}

interface Place {
  readonly file: string;
  readonly home: string | undefined;
  readonly reads: readonly string[] | undefined;
  readonly text: (path: string) => string | undefined;
}

function* ofOne(
  { name, text }: Unit,
  own: readonly State[],
  { file, home, reads, text: textOf }: Place,
): Iterable<string> {
  if (reads === undefined) return yield `${file}: nobody knows what ${name} reads when it starts`;
  if (!text.includes(`\nExecStartPre=-+${TOOL} record %n\n`)) yield `${name}: does not note what it starts with`;
  const compares = own.find(({ fun, name: command }) => fun === "cmd.run" && command === `${TOOL} ${name}`);
  if (!compares?.conditional) yield `${file}: ${name} goes on with what it started with`;
  const managed = own.filter(({ fun }) => fun === "file.managed");
  const ofIts = (path: string) => home !== undefined && path.startsWith(`${home}/`);
  for (const { id, name: path } of managed) {
    if (ofIts(path) && !reads.includes(path)) yield `${file}: ${id} changes, and ${name} goes on with what it was`;
    if (reads.includes(path) && !compares?.requires.includes(`file:${id}`))
      yield `${file}: ${name} would be restarted without ${path}`;
  }
  const included = reads.flatMap((path) => [...(textOf(path) ?? "").matchAll(/^includeconf=(.*)$/gm)]);
  for (const [, one] of [...included, ...text.matchAll(/^EnvironmentFile=-?\S*\/(\S+)$/gm)])
    if (!reads.some((path) => path.endsWith(`/${one}`))) yield `${file}: ${name} reads ${one}, and nobody compares it`;
}

/** The services of each template that run for good, by the template's name. */
function servicesOf(tree: Tree): Map<string, Unit[]> {
  const found = new Map<string, Unit[]>();
  for (const [path, { text }] of tree) {
    const [, machine, name] = /\/files\/([^/]+)\/usr\/lib\/systemd\/system\/([^/@]+\.service)$/.exec(path) ?? [];
    if (machine === undefined || name === undefined || /^Type=oneshot$/m.test(text)) continue;
    // What brings programs is no daemon of the tree: it reads its recipe, whose change restarts it, and notes nothing.
    if (text.includes(`\nExecStart=${BRING_TOOL} `)) continue;
    found.set(machine, [...(found.get(machine) ?? []), { name, text }]);
  }
  return found;
}

/** The Qubes service without which a unit does nothing. */
function gateOf(text: string): string {
  return /^ConditionPathExists=\/run\/qubes-service\/(.*)$/m.exec(text)?.[1] ?? "";
}

function userOf({ text }: Unit): string {
  return /^User=(.*)$/m.exec(text)?.[1] ?? "root";
}

/** What each daemon of a qube is said to read. */
function knownIn(text: string | undefined): Map<string, string[]> {
  const known = JSON.parse(text ?? "{}") as Record<string, { reads: object }>;
  return new Map(Object.entries(known).map(([name, { reads }]) => [name, Object.keys(reads)]));
}
