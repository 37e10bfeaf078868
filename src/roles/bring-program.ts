// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../model/model.ts";
import type { RunbookStep } from "../model/role.ts";
import type { Artifact, Program, Release } from "../software/program.ts";

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
function signatures(program: Program, { signedBy, commit }: Release): string {
  const signers = program.signers.filter(({ name }) => !signedBy || signedBy.includes(name));
  const good = signers.filter(({ not }) => not === undefined);
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
