// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../model/model.ts";
import type { RunbookStep } from "../model/role.ts";
import { atLeast, type Artifact, type Program, type Release } from "../software/program.ts";
import { LIBRARY, type Recipe, type Signed, type WantedFile } from "../software/recipe.ts";
import { pinsOf, recipeOf, trustedSigners } from "../whonix/bringing.ts";

interface Bringing {
  /** The qube that runs its role's program. */
  readonly qube: Qube;
  /** Where the program's versions lie. */
  readonly folder: string;
  /** The file, below a version's folder, that must be there. */
  readonly file: string;
  /** How it is unpacked, where that is not what one would do anyway. */
  readonly unpack?: string;
  /** What belongs beside it. */
  readonly more?: string;
  /** The service that waits for it. */
  readonly unit?: string;
}

/** How a program gets into its qube: by itself over Tor, from a downloader, or from wherever the user has it. Nothing where Debian provides it. */
export function broughtProgram(qube: Qube, { formula, qubes }: Model): RunbookStep[] {
  const recipe = recipeOf(qube, formula);
  if (!recipe) return [];
  const { name } = qube;
  const known = Object.values(recipe.artifacts);
  const [wanted] = known;
  if (!wanted) return [];
  const status = `${LIBRARY}/bring-program status`;
  const counts = `${whatCounts(wanted, qube)} What is wrong is refused and moved aside, and \`sudo ${status}\` says why.`;
  const title = `${recipe.program} ${recipe.version} in ${name}`;
  const kept = `The version that was there stays in use until the new one is checked and whole, and is kept: a topology that names it again goes back to it.${crossed(recipe)}`;
  /** How it comes, what counts, and which way back there is. */
  const text = (comes: string) => [comes, counts, kept].join("\n\n");
  if (recipe.proxy !== null)
    return [
      {
        title,
        where: name,
        command: status,
        text: text(
          `It comes by itself: a service fetches it over Tor as nobody, another checks it and puts it in place, and then ${unitOf(recipe)} starts. Where Tor exits are refused, bring ${filesOf(recipe, wanted)} from any other qube with \`qvm-copy\`: from ~/QubesIncoming it is taken by itself.`,
        ),
      },
    ];
  const [downloader] = qubes.filter(({ role }) => role.name === "downloader");
  const then = `it is taken from ~/QubesIncoming by itself, in any order, checked, and put in place${recipe.unit === null ? "" : `; then ${unitOf(recipe)} starts`}. Nothing of it is to be unpacked by hand.`;
  if (downloader)
    return [
      {
        title,
        where: downloader.name,
        command: `fetch-program ${name}`,
        text: text(
          `It fetches over Tor ${filesOf(recipe, wanted)}, and says the \`qvm-copy\` command that sends it. dom0 asks where to: ${name}. There ${then} \`${status}\` in ${name} says how far it is.`,
        ),
      },
    ];
  const urls = Object.entries(recipe.urls).filter(([file]) => !otherMachines(recipe, wanted).includes(file));
  const files = urls.map(([file]) => file);
  return [
    {
      title,
      where: "a Whonix workstation that has network (a disposable, say)",
      command: [
        ...urls.map(([file, url]) => `curl --fail --location --output ${file} ${url}`),
        `qvm-copy ${files.join(" ")}`,
      ].join("\n"),
      text: text(
        `${name} has no network, and this topology has no \`downloader\`, so bring ${filesOf(recipe, wanted)} by way of another qube; dom0 asks where to: ${name}. There ${then} \`${status}\` in ${name} says how far it is.`,
      ),
    },
  ];
}

/** What is to be known about lines between versions: which way is barred, and what the other asks for. */
function crossed({ version, crossings }: Recipe): string {
  return crossings
    .map(({ since, back, forward }) =>
      atLeast(version, since)
        ? ` There is no way back from it to a version before ${since}. ${back}${forward === undefined ? "" : ` And from such a version to this one: ${forward}`}`
        : ` It is not put in place where ${since} or a newer version is in use. ${back}`,
    )
    .join("");
}

function unitOf({ unit }: Recipe): string {
  return unit ?? "what you start next";
}

/** The artifacts for other machines: a PC does not need them. */
function otherMachines({ artifacts }: Recipe, wanted: WantedFile): string[] {
  return Object.values(artifacts).flatMap(({ file }) => (file === wanted.file ? [] : [file]));
}

function filesOf({ keys, more }: Recipe, { file, signed }: WantedFile): string {
  const evidence = signed ? [signed.sums, signed.signature, ...keys] : [];
  const few = more.length <= 3;
  const all = [file, ...evidence.filter((one) => one !== undefined), ...(few ? more.map((one) => one.file) : [])];
  return [...all.map((one) => `\`${one}\``), ...(few ? [] : [`the ${more.length} files of the step before`])].join(
    ", ",
  );
}

/** By what the qube knows that a file is the right one. */
function whatCounts({ file, sha256, tar_sha256, signed }: WantedFile, qube: Qube): string {
  const yours = pinsOf(qube) ? ", which you gave in the topology" : "";
  if (signed)
    return `What counts is${yours ? "" : ", since no digest of it is known here,"} who signed ${signedWhat(file, signed)}: at least ${signed.threshold} of ${signed.keys.join(", ")}${yours}. Key blocks may come from anywhere.`;
  const seen = qube.release?.artifacts.find((one) => one.file === file && one.sha256 === sha256)?.signatures;
  const evidence = seen === undefined ? "" : ` (${seen} builders had signed that digest when it was written here)`;
  return `What counts is its digest: sha256 ${sha256 ?? `${tar_sha256} of the tar in it`}${yours}${evidence}.`;
}

function signedWhat(file: string, { by, sums }: Signed): string {
  return by === "sums" ? `${sums}, which names ${file}` : file;
}

/** How a program gets into its qube while the states do not bring it, and how one knows that it is the right one. */
export function bringProgram({ qube, folder, file, unpack, more, unit }: Bringing): RunbookStep {
  const { name, version, release } = qube;
  const { program } = qube.role;
  if (!program || !release) throw new Error(`${name} has no program`);
  const link = [`sudo ln -sfn ${version} ${folder}/current`, ...(unit ? [`sudo systemctl start ${unit}`] : [])];
  const [wanted] = release.artifacts;
  const what = wanted ? `\`${wanted.file}\`` : "its release";
  return {
    title: `${program.name} ${version} in ${name}`,
    where: name,
    command: link.join(" && "),
    text: [
      `The states lay out the place; the program itself they do not bring yet${unit ? ", and its service waits for it without failing" : ""}.`,
      `Fetch ${what} in a Whonix qube that has network (a \`downloader\` is made for that): ${program.publishedAt}. \`qvm-copy\` it here, and check it in ${name}.`,
      digest(wanted),
      signatures(program, release),
      `Then ${unpack ?? "unpack it as root"} into ${folder}/${version}, so that ${file} lies in it${more ? `, ${more}` : ""}, and:`,
    ].join(" "),
  };
}

function digest(artifact: Artifact | undefined): string {
  if (!artifact || artifact.sha256 === "unknown") return "Its digest is not known here, so signatures alone tell.";
  const seen =
    artifact.signatures === undefined
      ? ""
      : ` (${artifact.signatures} builders had signed that digest when it was written here)`;
  return `\`echo '${artifact.sha256}  ${artifact.file}' | sha256sum -c\` must say OK${seen}.`;
}

/** Whose signatures to ask for; and where no key can be relied on, what else there is. */
function signatures(program: Program, release: Release): string {
  const { signedBy, commit } = release;
  const signers = program.signers.filter(({ name }) => !signedBy || signedBy.includes(name));
  const good = trustedSigners(program, release);
  const bad = signers.flatMap(({ name, not }) =>
    not === undefined ? [] : [`the key of ${name} does not count, for ${not}`],
  );
  const least = Math.min(program.threshold, good.length);
  if (least > 0)
    return `Ask \`gpg --verify\` for good signatures over the same file of at least ${least} of these keys: ${good.map(({ name, fingerprint }) => `${name} ${fingerprint}`).join(", ")}.`;
  const compare =
    commit === undefined
      ? ""
      : ` Compare the commit of its git tag with ${commit}, in copies from more than one place.`;
  return `No signature of this version can be relied on: ${bad.join("; ")}.${compare}`;
}
