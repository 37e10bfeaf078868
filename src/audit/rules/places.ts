// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Landing } from "../../model/lands.ts";
import type { Landed } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { placesOf } from "../known-places.ts";
import type { StateCall } from "../states.ts";

const elsewhere = message("QB820", {
  severity: "error",
  title: "A place at which nothing is known to land",
  say: (what: string, machine: string) => `${what} in ${machine} is none of the places that are known here`,
  why: "A file is what reads it: started at log-in, run by root, taken for settings, loaded by every program. What a path means is known here for the places that this version writes, and for no others.",
  fix: "Take it out; or do by hand, and knowingly, what it was for.",
  source: "the roles of this version, src/roles/*/lands.ts",
});

const loose = message("QB821", {
  severity: "error",
  title: "A file or folder of another owner, or with more rights, than it needs",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "Who may write in a folder replaces what lies in it, whoever owns that. Who owns a file changes it when he likes.",
  fix: "The owner and the mode that this version gives it, or fewer rights.",
  source: "Salt's documentation, file.managed and file.directory; least privilege",
});

const line = message("QB822", {
  severity: "error",
  title: "A line that is not known in such a file",
  say: (path: string, text: string) => `${path}: ${text}`,
  why: "Menu entries and drop-ins start programs, and Whonix' own settings are read by a shell: a line of another kind may run anything.",
  fix: "Take it out, or put it by hand into a file of your own beside this one.",
  source: "Desktop Entry Specification 1.5; systemd.unit(5); Kicksecure/tb-starter usr/bin/torbrowser",
});

const link = message("QB823", {
  severity: "error",
  title: "A link that is none of a unit",
  say: (path: string, target: string) => `${path} leads to ${target}`,
  why: "By a link a file stands in one place and is changed in another, or a unit of the system is switched off without a word.",
  fix: "Link only units of this tree, in the .wants folder of their target; lay anything else down as a file.",
  source: "systemd.unit(5)",
});

const otherSecret = message("QB824", {
  severity: "error",
  title: "A text from the pillar that no role asks for",
  say: (path: string, machine: string) =>
    `${path} in ${machine} is taken from the pillar otherwise than any secret here`,
  why: "What comes from the pillar is not in the tree, so nobody who reads the tree knows what lands. It is right for a secret of one line whose whole shape is checked, and for nothing else.",
  fix: "Keep settings in the tree. Write a secret where its program reads it, with the check of this version.",
  source: "Salt's documentation, file.managed: contents_pillar, check_cmd",
});

const again = message("QB825", {
  severity: "error",
  title: "One file, written by two states",
  say: (path: string, machine: string) => `${path} in ${machine} is written by another state as well`,
  why: "The later of the two decides, which is not the one that was read first, and each apply has a time between them in which the other counts.",
  fix: "One state for each file.",
  source: "Salt's documentation, ordering states",
});

/** Each file, folder, link and removal is one that this version knows, in the machine in which it knows it. */
export function* places(audit: Audit): Iterable<Diagnostic> {
  const { facts } = audit;
  const landed = new Map(facts.landed.map((one) => [one.state, one]));
  const written = new Set<string>();
  for (const state of facts.states.calls) {
    if (!state.fun.startsWith("file.")) continue;
    const { fun, name, machine } = state;
    const at = () => placeIn(facts.tree, state);
    if (fun !== "file.absent") {
      const key = `${machine}:${name}`;
      if (written.has(key)) yield again.at(at(), name, machine);
      written.add(key);
    }
    const known = placesOf(machine, audit);
    const file = landed.get(state);
    if (fun === "file.symlink") {
      if (!isOfUnit(state, audit)) yield link.at(at(), name, String(state.args.get("target")));
    } else if (fun === "file.absent") {
      if (!known.gone(name)) yield elsewhere.at(at(), `the removal of ${name}`, machine);
    } else if (file && state.args.has("contents_pillar")) {
      const [pillar, check] = [state.args.get("contents_pillar"), state.args.get("check_cmd")].map(String);
      const place = known.secret(name, pillar ?? "", check ?? "", machine);
      if (place) yield* owned(state, place, 0o700, audit);
      else yield otherSecret.at(at(), name, machine);
    } else {
      const place = file ? known.file(name) : fun === "file.directory" ? known.folder(name) : undefined;
      if (!place) yield elsewhere.at(at(), `${fun} of ${name}`, machine);
      else yield* owned(state, place, place.mode === "0600" ? 0o700 : 0o755, audit);
      if (place?.lines && file) yield* lines(file, place.lines, audit);
    }
  }
}

/** Its owner is the one that is known, and nobody gets more rights; a folder that is made for it is no wider. */
function* owned({ name, args, file, line: row }: StateCall, place: Landing, folder: number, { facts }: Audit) {
  const at = () => placeIn(facts.tree, { file, line: row });
  const user = args.get("user");
  const group = args.get("group");
  const shared = place.mode === "0664" ? "qubes" : place.user;
  if (user !== place.user)
    yield loose.at(at(), name, `belongs to ${String(user ?? "nobody in particular")}, not to ${place.user}`);
  if (group !== undefined && group !== shared)
    yield loose.at(at(), name, `is of the group ${String(group)}, not of ${shared}`);
  const mode = args.get("mode");
  if (mode === undefined || isWider(mode, Number.parseInt(place.mode, 8)))
    yield loose.at(at(), name, `has the mode ${String(mode ?? "of chance")}, and needs ${place.mode}`);
  for (const key of ["dir_mode", "file_mode"])
    if (args.has(key) && isWider(args.get(key), folder))
      yield loose.at(at(), name, `makes its folders with the mode ${String(args.get(key))}`);
}

function isWider(mode: unknown, known: number): boolean {
  if (typeof mode !== "string" || !/^0[0-7]{3}$/.test(mode)) return true;
  return (Number.parseInt(mode, 8) & ~known) !== 0;
}

function* lines({ text = "", origin, path }: Landed, known: RegExp, { facts }: Audit): Iterable<Diagnostic> {
  for (const [index, one] of text.split("\n").entries())
    if (one !== "" && !(one.startsWith("#") && !one.endsWith("\\")) && !known.test(one))
      yield line.at(placeIn(facts.tree, { file: origin, line: index + 1 }), path, one.trim());
}

/** `/etc/systemd/system/TARGET.wants/UNIT` → `/usr/lib/systemd/system/UNIT`, of a template that is given this unit, for a target of the system or a unit of its own. */
function isOfUnit({ name, args, machine }: StateCall, { facts }: Audit): boolean {
  const [, target = "", unit = ""] =
    /^\/etc\/systemd\/system\/([\w@-]+\.(?:target|service))\.wants\/([\w@-]+\.(?:service|socket))$/.exec(name) ?? [];
  const given = new Set((facts.landedIn.get(machine) ?? []).map(({ path }) => path));
  const home = (one: string) => `/usr/lib/systemd/system/${one}`;
  return (
    facts.qubes.get(machine)?.klass === "TemplateVM" &&
    args.get("target") === home(unit) &&
    given.has(home(unit)) &&
    (["multi-user.target", "sockets.target"].includes(target) || given.has(home(target)))
  );
}
