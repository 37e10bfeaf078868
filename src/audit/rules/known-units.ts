// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";
import { KNOWN_UNITS, MANY, STARTED } from "../known-units.ts";
import { readUnit, type UnitLine } from "../unit-text.ts";

const unknown = message("QB846", {
  severity: "error",
  title: "A line of a unit that the audit does not know",
  say: (unit: string, why: string) => `${unit}: ${why}`,
  why: "The audit does not know what this does, so it does not call it safe. Of a key that stands twice systemd takes the last; one line more can run a command as root, or take the whole sandbox away.",
  fix: "Leave the lines that the compiler writes, each once. A unit of your own belongs into a template of your own.",
  source: "systemd.syntax(7), systemd.exec(5), systemd.service(5), systemd.socket(5)",
});

/** Each line of a unit is one that the compiler writes, once, and its program reaches what it needs. */
export function* knownUnits({ facts }: Audit): Iterable<Diagnostic> {
  for (const { path, text = "", origin } of facts.landed) {
    const [, unit = "", kind = ""] = /\/systemd\/system\/([^/]+\.(service|socket|path))$/.exec(path) ?? [];
    if (unit === "") continue;
    const { lines, odd } = readUnit(text);
    const found = [...odd, ...strange(lines, kind), ...(kind === "service" ? beyond(lines) : [])];
    for (const { line, why } of found) yield unknown.at(placeIn(facts.tree, { file: origin, line }), unit, why);
  }
}

interface Found {
  readonly line: number;
  readonly why: string;
}

function* strange(lines: readonly UnitLine[], kind: string): Iterable<Found> {
  const seen = new Set<string>();
  for (const { section, key, value, line } of lines) {
    const values = KNOWN_UNITS[kind]?.[section]?.[key];
    if (!values) yield { line, why: `${key}= is nothing that a tree of this kind has there` };
    else if (!values.test(value)) yield { line, why: `no tree of this kind has ${key}=${value}` };
    else if (seen.has(key) && !MANY.has(key)) yield { line, why: `${key}= stands twice, and the last counts` };
    seen.add(key);
  }
}

/** What must be out of reach of every service: the private volume, where it really lies in a qube (qubes-core-agent-linux vm-systemd home.mount). */
const HIDDEN = /^(?:-\/rw|-\/rw\/home -\/rw\/config|-\/rw\/config|-\/usr\/local -\/rw)$/;

/** What a service is let see, run and reach beyond what its program needs. */
function* beyond(lines: readonly UnitLine[]): Iterable<Found> {
  const of = (key: string) => lines.filter((one) => one.key === key);
  const [start] = of("ExecStart");
  const started = start && STARTED.find((one) => one.line.test(start.value));
  if (!started) {
    yield { line: start?.line ?? 1, why: `it runs what no tree of this kind runs: ${start?.value ?? "nothing"}` };
    return;
  }
  for (const { value, line } of of("IPAddressAllow"))
    if (!started.reaches.includes(value)) yield { line, why: `its program need not reach ${value}` };
  for (const { value, line } of of("RestrictAddressFamilies"))
    if (value !== started.families) yield { line, why: `its program needs other sockets than ${value}` };
  const user = of("User")[0]?.value ?? "";
  if (!started.user.test(user))
    yield { line: of("User")[0]?.line ?? 1, why: `its program is not to run as ${user || "root"}` };
  for (const { key, value, line } of [...of("BindPaths"), ...of("BindReadOnlyPaths"), ...of("WorkingDirectory")])
    if (value.startsWith("/home/") && !(started.folder && value.startsWith(`/home/${user}/`)))
      yield { line, why: `${key}=${value} is not its own folder` };
  for (const { value, line } of of("Group"))
    if (value !== user && value !== "qubes") yield { line, why: `the group ${value} is not its own` };
  if (!of("InaccessiblePaths").some(({ value }) => HIDDEN.test(value)))
    yield { line: 1, why: "it is shown the private volume of its qube" };
  if (of("PrivateTmp").length === 0 && !of("InaccessiblePaths").some(({ value }) => value.startsWith("/tmp ")))
    yield { line: 1, why: "it is shown the folders that anybody may write" };
}
