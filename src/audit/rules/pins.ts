// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { roles } from "../../roles/index.ts";
import { isKnownLock } from "../../software/joinmarket-locks.ts";
import type { Program, Release } from "../../software/program.ts";
import { LIBRARY, type Recipe, type WantedFile } from "../../software/recipe.ts";
import { trustedSigners } from "../../whonix/bringing.ts";
import { unlessMeant } from "../departures.ts";
import type { Landed } from "../facts.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";

const weak = message("QB795", {
  severity: "error",
  title: "A program is taken for the right one by less than is known of it",
  say: (program: string, machine: string, what: string) => `${program} in ${machine}: ${what}`,
  why: "What the recipe asks for is all that stands between the qube and whoever supplies the file: with less, another program runs there.",
  fix: "Take the digest or the signers of the catalogue (MANIFEST.json of a tree that was built here names them); your own go into the topology, with a reason.",
  source: "the catalogue, src/software",
});

const unknown = message("QB796", {
  severity: "warning",
  title: "Nothing is known here by which a program could be told from another",
  say: (program: string, machine: string, what: string) => `${program} in ${machine}: ${what}`,
  why: "The catalogue has no entry to hold it against. Whoever wrote the recipe may know the file; this audit does not.",
  fix: "Compare the digest with what its makers publish, by a way of your own.",
  source: "the catalogue, src/software",
});

/** The programs of the catalogue, by name. */
const PROGRAMS = new Map(roles.flatMap(({ program }) => (program ? [[program.name, program] as const] : [])));

/** What each qube's recipe takes for the right program is no less than the catalogue knows. */
export function* pins({ facts }: Audit): Iterable<Diagnostic> {
  for (const landed of facts.landed) {
    if (landed.text === undefined) continue;
    if (landed.path.endsWith(".lock") && !isKnownLock(landed.text))
      yield weak.at(
        placeIn(facts.tree, { file: landed.origin, line: 1 }),
        landed.path,
        landed.machine,
        "a list of digests that is not the one of this version",
      );
    if (!landed.path.startsWith(`${LIBRARY}/`) || !landed.path.endsWith("/recipe.json")) continue;
    for (const [found, looks] of recipe(landed, landed.text)) {
      const line = looks === undefined ? 1 : lineWith(landed.text, looks);
      const place = placeIn(facts.tree, { file: landed.origin, line });
      yield unlessMeant({ ...found, span: place }, facts.tree, "software", landed.machine);
    }
  }
}

type Found = [found: Diagnostic, line?: RegExp | undefined];

function* recipe({ machine }: Landed, text: string): Iterable<Found> {
  const read = parsed(text);
  if (!read) return void (yield [weak.at(undefined, "a program", machine, "its recipe cannot be read")]);
  const { program: name, version, artifacts, more, urls, finish, folder, unpack } = read;
  const at = (what: string, line?: RegExp): Found => [weak.at(undefined, `${name} ${version}`, machine, what), line];
  const program = PROGRAMS.get(name);
  const release = program?.releases.find((one) => one.version === version);
  if (!program || !release)
    yield [unknown.at(undefined, `${name} ${version}`, machine, "the catalogue has no such release")];
  const wanted = Object.values(artifacts ?? {});
  const listed: unknown[] = Array.isArray(more) ? more : [];
  if (![...wanted, ...listed].every(isWanted)) return void (yield at("its recipe has a file that is none"));
  if (wanted.length === 0)
    yield [unknown.at(undefined, `${name} ${version}`, machine, "no file is known, so it is brought by hand")];
  for (const one of [...wanted, ...(listed as WantedFile[])]) {
    const line = new RegExp(escaped(String(one.file)));
    for (const what of shapeOf(one)) yield at(what, line);
    const less = program && release && wanted.includes(one) ? lessThan(one, program, release) : undefined;
    if (less !== undefined) yield at(less, line);
    if (one.signed?.by === "itself" && !String(unpack?.says?.text).includes(version))
      yield at(
        "the signature does not name the version, and it is not looked for inside: an older release would pass",
        line,
      );
  }
  for (const [file, url] of Object.entries(urls ?? {}))
    if (!String(url).startsWith("https://"))
      yield at(`${file} is fetched without TLS`, new RegExp(escaped(String(url))));
  for (const path of [folder, ...(finish === null || finish === undefined ? [] : [finish])])
    if (typeof path !== "string" || !path.startsWith(`${LIBRARY}/`) || path.includes(".."))
      yield at(`${String(path)} is not where root alone writes`);
}

function parsed(text: string): (Partial<Recipe> & Pick<Recipe, "program" | "version">) | undefined {
  try {
    const read = JSON.parse(text) as Partial<Recipe> | null;
    return typeof read?.program === "string" && typeof read.version === "string" ? (read as never) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether something is of the form of a pin: what anybody may have written is not taken for more. */
function isWanted(one: unknown): one is WantedFile {
  if (typeof one !== "object" || one === null) return false;
  const { file, signed, sha256, tar_sha256 } = one as Record<string, unknown>;
  const texts = [file, sha256 ?? "", tar_sha256 ?? ""].every((text) => typeof text === "string");
  if (signed === undefined || signed === null) return texts;
  const { keys } = signed as { keys?: unknown };
  return texts && Array.isArray(keys) && keys.every((key) => typeof key === "string");
}

/** What is wrong with a pin whatever it is of. */
function* shapeOf({ file, sha256, tar_sha256, signed }: WantedFile): Iterable<string> {
  const digest = sha256 ?? tar_sha256;
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest)) yield `the digest of ${file} is none`;
  if (digest === undefined && !signed) return void (yield `nothing says which ${file} is the right one`);
  if (!signed) return;
  const { keys } = signed;
  if (keys.some((key) => !/^[0-9A-F]{40}$/.test(key))) yield `a signer of ${file} is not named by a whole fingerprint`;
  if (new Set(keys).size !== keys.length) yield `a signer of ${file} stands twice, and would count for two`;
  if (!Number.isInteger(signed.threshold) || signed.threshold < 1) yield `no signature over ${file} is asked for`;
  else if (signed.threshold > keys.length) yield `more signatures over ${file} are asked for than there are signers`;
}

/** In which way a pin asks for less than the catalogue, or for something else. */
function lessThan(
  { file, sha256, tar_sha256, signed }: WantedFile,
  program: Program,
  release: Release,
): string | undefined {
  const known = release.artifacts.find((one) => one.file === file);
  if (!known) return `${file} is none of the release's files`;
  if (known.sha256 !== "unknown") {
    if (sha256 === undefined) return `the digest of ${file} is known, and not asked for`;
    return sha256 === known.sha256 ? undefined : `another digest of ${file} is known`;
  }
  if (known.tarSha256 !== undefined && sha256 === undefined)
    return tar_sha256 === known.tarSha256 ? undefined : `another digest of what is in ${file} is known`;
  if (!signed) return undefined;
  const signers = trustedSigners(program, release).map(({ fingerprint }) => fingerprint);
  const strangers = signed.keys.filter((key) => !signers.includes(key));
  if (strangers.length > 0) return `${strangers.join(", ")} is not known to sign it`;
  return signed.threshold < Math.min(program.threshold, signers.length)
    ? `${program.threshold} signers are asked for here, not ${signed.threshold}`
    : undefined;
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w ]/g, String.raw`\$&`);
}
