// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { templateRepository } from "../../model/platform.ts";
import { QUBES_RELEASES, WHONIX_RELEASES } from "../../software/platforms.ts";
import { placeIn, type Audit } from "../finding.ts";
import { placesOf } from "../known-places.ts";
import type { StateCall } from "../states.ts";

const foreignPackage = message("QB826", {
  severity: "error",
  title: "A package that no role asks for",
  say: (name: string, machine: string) => `${name} is installed in ${machine}`,
  why: "A package brings programs, services and rights that start with the qube. Each of those that roles ask for was looked at; this one was not.",
  fix: "Take it out; install it by hand in a template of your own if you want it.",
  source: "the roles of this version, src/roles/*/lands.ts",
});

const foreignUser = message("QB827", {
  severity: "error",
  title: "A user that no role asks for, or with more than it needs",
  say: (name: string, machine: string, what: string) => `the user ${name} of ${machine} ${what}`,
  why: "Files in a qube outlive its template and belong to a number. With root's number, or another user's, a daemon owns what was to be kept from it; with a shell somebody may log in as it.",
  fix: "Number, home and shell as this version gives them.",
  source: "Salt's documentation, user.present; Debian policy 9.2.2",
});

const foreignTemplate = message("QB828", {
  severity: "error",
  title: "A template of unknown make",
  say: (name: string, what: string) => `${name} ${what}`,
  why: "All that runs in a qube comes from its template. One from elsewhere, or made of one that somebody changed, may hold anything.",
  fix: "Clone the stock template of the release, from the repository that ships it.",
  source: "Qubes documentation, templates; qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja",
});

/** The stock templates of all releases that a topology may name. */
const STOCK = new Set([
  ...QUBES_RELEASES.map(({ debian }) => debian),
  ...WHONIX_RELEASES.flatMap(({ gateway, workstation }) => [gateway, workstation]),
]);

/** Templates are clones of stock ones, with packages and users that roles ask for. */
export function* provisions(audit: Audit): Iterable<Diagnostic> {
  for (const state of audit.facts.states.calls) {
    const at = () => placeIn(audit.facts.tree, state);
    if (state.fun === "pkg.installed")
      for (const name of packagesOf(state))
        if (!isTemplate(state, audit) || !placesOf(state.machine, audit).packages.has(name))
          yield foreignPackage.at(at(), name, state.machine);
    if (state.fun === "user.present") {
      const what = wrong(state, audit);
      if (what !== undefined) yield foreignUser.at(at(), state.name, state.machine, what);
    }
    if (state.machine !== "dom0") continue;
    const source = state.args.get("source");
    const repository = state.args.get("fromrepo");
    if (state.fun === "qvm.clone" && !STOCK.has(String(source)))
      yield foreignTemplate.at(at(), state.name, `is cloned from ${String(source)}`);
    if (state.fun === "qvm.template_installed")
      if (!STOCK.has(state.name)) yield foreignTemplate.at(at(), state.name, "is no stock template that is known here");
      else if (repository !== undefined && repository !== templateRepository(state.name).repository)
        yield foreignTemplate.at(at(), state.name, `is taken from ${String(repository)}`);
  }
}

function isTemplate({ machine }: StateCall, { facts }: Audit): boolean {
  return facts.qubes.get(machine)?.klass === "TemplateVM";
}

/** What a state installs; a name with a version or a source is none that is known. */
function packagesOf({ name, args }: StateCall): string[] {
  const list = args.get("pkgs");
  const pkgs = Array.isArray(list) ? list.map((one) => (typeof one === "string" ? one : JSON.stringify(one))) : [name];
  const sources = args.get("sources");
  return sources === undefined ? pkgs : [...pkgs, JSON.stringify(sources)];
}

function wrong(state: StateCall, audit: Audit): string | undefined {
  const { name, args } = state;
  const known = placesOf(state.machine, audit).users.find((one) => one.name === name);
  if (!known || !isTemplate(state, audit)) return "is none that a role asks for";
  if (args.get("uid") !== known.number) return `has the number ${String(args.get("uid"))}, not ${known.number}`;
  if (args.get("home") !== known.home) return `has the home ${String(args.get("home"))}, not ${known.home}`;
  if (args.get("shell") !== "/usr/sbin/nologin") return `has the shell ${String(args.get("shell"))}`;
  const groups = ["gid", "groups", "optional_groups", "password", "unique"].find((key) => args.has(key));
  return groups === undefined ? undefined : `is given ${groups}`;
}
