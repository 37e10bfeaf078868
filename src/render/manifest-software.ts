// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import type { Crossing, Program, Release } from "../software/program.ts";
import type { WantedFile } from "../software/recipe.ts";
import { recipeOf, trustedSigners } from "../whonix/bringing.ts";

/** What is known of a program: what stands in the catalogue, and what each qube that runs it asks for. */
export interface Pin {
  readonly status: string;
  readonly files: Readonly<Record<string, string>>;
  readonly signers: readonly string[];
  readonly threshold: number;
  readonly commit?: string;
  /** Lines between versions that are not to be crossed as one likes. */
  readonly crossings?: readonly Crossing[];
  /** By qube: the folder of the program's versions, what is asked for there, and where it is published. Absent: brought by hand. */
  readonly qubes?: Readonly<
    Record<
      string,
      {
        readonly folder: string;
        readonly wanted: readonly WantedFile[];
        readonly urls: Readonly<Record<string, string>>;
      }
    >
  >;
}

/** The programs that the qubes of a model run, by name and version, but for those that Debian provides. */
export function softwareOf(model: Model): Readonly<Record<string, Pin>> {
  const pins = new Map<string, Pin>();
  for (const { role, release } of model.qubes) {
    const { program } = role;
    if (!program || !release || release.packaged) continue;
    const name = `${program.name} ${release.version}`;
    // One says it for all qubes that run it.
    if (!pins.has(name)) pins.set(name, pinOf(program, release, model));
  }
  return Object.fromEntries(pins);
}

function pinOf(program: Program, release: Release, { qubes, formula }: Model): Pin {
  const { status, artifacts, commit } = release;
  const signers = trustedSigners(program, release);
  const runs = qubes.flatMap((qube) => {
    const recipe = qube.role.program === program && qube.release === release ? recipeOf(qube, formula) : undefined;
    if (!recipe) return [];
    const wanted = [...Object.values(recipe.artifacts), ...recipe.more];
    return [[qube.name, { folder: recipe.folder, wanted, urls: recipe.urls }] as const];
  });
  return {
    status,
    files: Object.fromEntries(artifacts.map(({ file, sha256 }) => [file, sha256])),
    signers: signers.map(({ fingerprint }) => fingerprint),
    threshold: Math.min(program.threshold, signers.length),
    ...(commit !== undefined && { commit }),
    ...(program.crossings && { crossings: program.crossings }),
    ...(runs.length > 0 && { qubes: Object.fromEntries(runs) }),
  };
}
