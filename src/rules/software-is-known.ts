// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model, Qube } from "../model/model.ts";
import { atLeast, type Crossing, type Program, type Release } from "../software/program.ts";
import { pinsOf, recipeOf, trustedSigners } from "../whonix/bringing.ts";

const unknown = message("QB607", {
  severity: "warning",
  title: "nothing is known by which a program could be told from another",
  say: (program: string, version: string) =>
    `neither a digest nor signers of ${program} ${version} are known that could be relied on`,
  why: "A pin is never made up: the qube would take whatever it is given. So the program is brought by hand, as the runbook says, until there is one.",
  fix: "Choose another version; or, where you know the file yourself, give its digest or its signers: software: { sha256: … }.",
});

const weaker = message("QB608", {
  severity: "error",
  title: "pins of the topology ask for less than is known",
  say: (program: string, version: string, how: string) => `for ${program} ${version}, ${how}`,
  why: "The pins of the topology take the place of those known here, and these were looked at when they were written down.",
  fix: "Remove the line, or give the reason: because: { software: … }.",
});

const packaged = message("QB609", {
  severity: "error",
  title: "pins are given for a program that Debian provides",
  say: (program: string) => `${program} comes from the template's Debian here`,
  why: "apt checks what it installs by Debian's keys, and there is no file that a pin could be held against.",
  fix: "Remove the line, or choose a version that is brought.",
});

const line = message("QB610", {
  severity: "note",
  title: "a version is older than a line over which there is no way back",
  say: (program: string, version: string, { since }: Crossing) =>
    `${program} ${version} is older than ${since}: whoever has run that or a newer one cannot simply go back`,
  why: (_program, _version, { back, forward }) => (forward === undefined ? back : `${back} And forward: ${forward}`),
  fix: "Nothing, if nothing newer ever ran in that qube. Otherwise the version in use stays until its `bring-program cross` is told that it is meant.",
});

/** What counts as the right program is known; where the topology says so itself, it does not ask for less; where there is no way back, it is said. */
export function* softwareIsKnown({ qubes, formula }: Model): Iterable<Finding> {
  const said = new Set<string>();
  for (const qube of qubes) {
    const { role, release, path } = qube;
    const { program } = role;
    if (!program || !release) continue;
    const own = pinsOf(qube);
    const { version } = release;
    if (release.packaged) {
      if (own) yield finding(packaged, [...path, "software"], program.name);
      continue;
    }
    const less = own && asksForLess(qube, program, release);
    if (less !== undefined)
      yield {
        ...finding(weaker, [...path, "software"], program.name, version, less),
        unless: { qube, key: "software" },
      };
    if (said.has(`${program.name} ${version}`)) continue;
    said.add(`${program.name} ${version}`);
    const recipe = recipeOf(qube, formula);
    if (recipe && Object.keys(recipe.artifacts).length === 0)
      yield finding(unknown, [...path, "version"], program.name, version);
    for (const one of program.crossings ?? [])
      if (!atLeast(version, one.since)) yield finding(line, [...path, "version"], program.name, version, one);
  }
}

/** In which way the pins of a topology are weaker than those of the catalogue, or other ones. */
function asksForLess(qube: Qube, program: Program, release: Release): string | undefined {
  const own = pinsOf(qube);
  const digests = release.artifacts.flatMap(({ sha256 }) => (sha256 === "unknown" ? [] : [sha256]));
  if (own?.sha256 !== undefined)
    return digests.length > 0 && !digests.includes(own.sha256) ? "another digest is known" : undefined;
  if (digests.length > 0) return "the digest is known, and signers alone would be asked for";
  const known = trustedSigners(program, release).map(({ fingerprint }) => fingerprint);
  if (known.length < program.threshold) return undefined;
  const strangers = (own?.signers ?? []).filter((one) => !known.includes(one));
  if (strangers.length > 0) return `signers are named that are not known to sign it: ${strangers.join(", ")}`;
  const least = own?.threshold ?? own?.signers?.length ?? 0;
  return least < program.threshold ? `${program.threshold} signers are asked for here, not ${least}` : undefined;
}
