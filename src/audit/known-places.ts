// SPDX-License-Identifier: GPL-3.0-or-later
import type { Landing, Lands, SecretLanding } from "../model/lands.ts";
import type { QubeOs } from "../model/model.ts";
import type { Role } from "../model/role.ts";
import { roles } from "../roles/index.ts";
import { checkCommand } from "../render/secrets.ts";
import { formulaName } from "../topology/scalars.ts";
import { EVERY_QUBE } from "../whonix/lands.ts";
import { dom0Lands, UNITS } from "./dom0-lands.ts";
import type { Facts } from "./facts.ts";
import type { Audit } from "./finding.ts";

/** The places of one kind of machine, ready to be looked up. */
export interface KnownPlaces {
  readonly file: (path: string) => Landing | undefined;
  readonly folder: (path: string) => Landing | undefined;
  readonly gone: (path: string) => boolean;
  /** Whether a secret may lie there, with this key of the pillar and this check. */
  readonly secret: (path: string, pillar: string, check: string, machine: string) => Landing | undefined;
  readonly swept: NonNullable<Lands["swept"]>;
  readonly merged: NonNullable<Lands["merged"]>;
  readonly users: NonNullable<NonNullable<Lands["template"]>["users"]>;
  readonly packages: ReadonlySet<string>;
}

/** What the variables of a landing stand for (topology/scalars.ts: names of qubes, and of clients, which may begin with a digit). */
const WORDS: Readonly<Record<string, string>> = {
  name: String.raw`[A-Za-z][\w-]*`,
  client: String.raw`[A-Za-z0-9][\w-]*`,
  port: "[0-9]+",
  onion: "[a-z2-7]{56}",
};

const OS: Readonly<Record<"gateway" | "workstation" | "other", QubeOs>> = {
  gateway: "gateway",
  workstation: "workstation",
  other: "debian",
};

const all: readonly Role[] = roles.flatMap(({ elsewhere, ...role }) => [
  role,
  ...[elsewhere?.onion, elsewhere?.lan].filter((one) => typeof one === "object"),
]);

const made = new WeakMap<Facts, Map<string, KnownPlaces>>();

/** The places that are known in a machine of a tree: dom0's, or those of all roles whose qubes have its operating system. */
export function placesOf(machine: string, { facts, machine: { osOf } }: Omit<Audit, "reach">): KnownPlaces {
  const template = facts.qubes.get(machine)?.klass === "TemplateVM";
  const os = OS[osOf(machine)];
  const kind = machine === "dom0" ? "dom0" : `${template ? "template" : "qube"} ${os}`;
  const known = made.get(facts) ?? new Map<string, KnownPlaces>();
  made.set(facts, known);
  const found = known.get(kind) ?? ready(kind === "dom0" ? dom0Lands : landsOf(os, template), nameOf(facts));
  known.set(kind, found);
  return found;
}

/** The formula's name, if it may be one: of another (`user`, or one with a variable in it) files of other people would pass for ours. */
function nameOf({ formula }: Facts): string {
  return formulaName.safeParse(formula).success ? String(formula) : "";
}

/** One table of all that roles of an operating system have in their qubes, or in their templates. */
function landsOf(os: QubeOs, template: boolean): Lands {
  const own = [EVERY_QUBE[os], ...all.flatMap((role) => (role.os === os && role.lands ? [role.lands] : []))];
  const list = <T>(of: (one: Lands) => readonly T[] | undefined): T[] => own.flatMap((one) => of(one) ?? []);
  if (template)
    return {
      files: [...UNITS, ...list((one) => one.template?.files)],
      template: { packages: list((one) => one.template?.packages), users: list((one) => one.template?.users) },
    };
  return {
    files: list((one) => one.files),
    folders: list((one) => one.folders),
    secrets: list((one) => one.secrets),
    gone: list((one) => one.gone),
    swept: list((one) => one.swept),
    merged: list((one) => one.merged),
  };
}

function ready(lands: Lands, formula: string): KnownPlaces {
  const named = (text: string) => text.replaceAll("{formula}", formula);
  const gone = lookup((lands.gone ?? []).map((path) => [named(path), true]));
  const secrets = (lands.secrets ?? []).map((one) => [secretPattern(one, named), one] as const);
  return {
    file: lookup((lands.files ?? []).map((one) => [named(one.path), one])),
    folder: lookup((lands.folders ?? []).map((one) => [named(one.path), one])),
    gone: (path) => gone(path) === true,
    secret: (path, pillar, check, machine) =>
      secrets.find(([fits]) => fits(machine).test(`${path}\n${pillar}\n${check}`))?.[1],
    swept: (lands.swept ?? []).map(({ folder, glob, user }) => ({
      user,
      folder: named(folder),
      ...(glob !== undefined && { glob: named(glob) }),
    })),
    merged: lands.merged ?? [],
    users: lands.template?.users ?? [],
    packages: new Set(lands.template?.packages),
  };
}

/** By the whole path: most have no variable, and are found at once. */
function lookup<T>(entries: readonly (readonly [string, T])[]): (path: string) => T | undefined {
  const exact = new Map(entries.filter(([path]) => !path.includes("{")));
  const patterns = entries
    .filter(([path]) => path.includes("{"))
    .map(([path, value]) => [new RegExp(`^${asPattern(path)}$`), value] as const);
  return (path) => exact.get(path) ?? patterns.find(([pattern]) => pattern.test(path))?.[1];
}

/** Path, key and check in one, so that a name is the same in all three. */
function secretPattern(one: SecretLanding, named: (text: string) => string): (machine: string) => RegExp {
  const pillar = named(one.pillar);
  const text = `${named(one.path)}\n${pillar}\n${checkCommand({ check: one.check, pillar })}`;
  return (machine) => new RegExp(`^${asPattern(text.replaceAll("{machine}", machine))}$`);
}

/** A text with variables as a pattern; the same variable stands for the same each time. */
export function asPattern(text: string): string {
  const seen = new Set<string>();
  return text
    .split(/(\{[a-z]+\})/)
    .map((part) => {
      const word = /^\{([a-z]+)\}$/.exec(part)?.[1];
      const pattern = word === undefined ? undefined : WORDS[word];
      if (word === undefined || pattern === undefined) return part.replaceAll(/[^\w\s/]/g, String.raw`\$&`);
      if (seen.has(word)) return `\\k<${word}>`;
      seen.add(word);
      return `(?<${word}>${pattern})`;
    })
    .join("");
}
