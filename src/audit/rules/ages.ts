// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { roles } from "../../roles/index.ts";
import { QUBES_RELEASES, WHONIX_RELEASES } from "../../software/platforms.ts";
import type { Release } from "../../software/program.ts";
import { LIBRARY } from "../../software/recipe.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";

const platform = message("QB797", {
  severity: "warning",
  title: "A platform that gets no security updates any more",
  say: (what: string) => what,
  why: "Money and anonymity rest on dom0, Xen and the templates: a known hole in them undoes everything that is set up here.",
  fix: "Upgrade the machine, and build the tree for the release that it then has.",
  source: "qubes-release-configs; Whonix documentation, release schedule",
});

const program = message("QB798", {
  severity: "warning",
  title: "A program that gets no corrections any more",
  say: (name: string, machine: string, _why: string) => `${name} in ${machine} gets no corrections any more`,
  why: (_name, _machine, why) => `${why} What is found in it stays in it.`,
  fix: "Choose a version that is kept; where there is none, put no more at stake than you would lose.",
  source: "the catalogue, src/software",
});

/** What a tree is made for and what its qubes run is still kept by its makers; the same data as the rules over a topology read. */
export function* ages({ facts }: Audit): Iterable<Diagnostic> {
  yield* platforms(facts);
  for (const { path, text = "", machine, origin } of facts.landed) {
    if (!path.startsWith(`${LIBRARY}/`) || !path.endsWith("/recipe.json")) continue;
    const [, name = ""] = /^ {2}"program": "([^"]*)"/m.exec(text) ?? [];
    const [, version = ""] = /^ {2}"version": "([^"]*)"/m.exec(text) ?? [];
    const release = releaseOf(name, version);
    if (!release || !["end-of-life", "archived"].includes(release.status)) continue;
    const place = placeIn(facts.tree, { file: origin, line: lineWith(text, /^ {2}"version"/) });
    yield program.at(place, `${name} ${version}`, machine, release.why);
  }
}

function releaseOf(name: string, version: string): Release | undefined {
  const found = roles.find((role) => role.program?.name === name)?.program;
  return found?.releases.find((one) => one.version === version);
}

/** What the manifest says that it is for, and which stock templates the states name. */
function* platforms({ tree, states }: Audit["facts"]): Iterable<Diagnostic> {
  const manifest = tree.get("MANIFEST.json")?.text ?? "";
  const [, release] = /^ {4}"qubes": "([0-9.]+)"/m.exec(manifest) ?? [];
  const qubes = QUBES_RELEASES.find((one) => one.release === release);
  if (qubes?.status === "end-of-life")
    yield platform.at(
      placeIn(tree, { file: "MANIFEST.json", line: lineWith(manifest, /^ {4}"qubes": "/) }),
      `Qubes OS R${qubes.release}, for which this tree is made, gets no security updates any more`,
    );
  const said = new Set<string>();
  for (const state of states.calls) {
    if (state.machine !== "dom0" || !/^qvm\.(?:clone|template_installed|vm|present|prefs)$/.test(state.fun)) continue;
    for (const name of JSON.stringify([state.name, ...state.args.values()]).match(/(?:whonix|debian|fedora)-[\w-]+/g) ??
      []) {
      const what = ended(name);
      if (what === undefined || said.has(name)) continue;
      said.add(name);
      yield platform.at(placeIn(tree, state), `${name}: ${what}`);
    }
  }
}

/** Why a stock template is too old, by its name; nothing where it is not known to be. */
function ended(name: string): string | undefined {
  const whonix = WHONIX_RELEASES.find(({ gateway, workstation }) => [gateway, workstation].includes(name));
  if (whonix?.status === "end-of-life") return `Whonix ${whonix.version} gets no security updates any more`;
  const ships = QUBES_RELEASES.find((one) => one.whonix === whonix?.version || one.debian === name);
  const [, version] = /^debian-([0-9]+)(?:-|$)/.exec(name) ?? [];
  const oldest = Math.min(...QUBES_RELEASES.map(({ debian }) => Number(/[0-9]+/.exec(debian)?.[0])));
  if (version !== undefined && Number(version) < oldest)
    return `no release of Qubes OS ships Debian ${version} any more`;
  return ships?.status === "end-of-life"
    ? `it is what Qubes OS R${ships.release} ships, which gets no security updates any more`
    : undefined;
}
