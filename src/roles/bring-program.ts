// SPDX-License-Identifier: GPL-3.0-or-later
import type { RunbookStep } from "../model/role.ts";

interface Program {
  readonly program: string;
  /** The qube that runs it. */
  readonly name: string;
  /** Where its versions lie. */
  readonly folder: string;
  readonly version: string;
  /** The file, below a version's folder, that must be there. */
  readonly file: string;
  /** How it is unpacked, where that is not what one would do anyway. */
  readonly unpack?: string;
  /** What belongs beside it. */
  readonly more?: string;
  /** The service that waits for it. */
  readonly unit?: string;
}

/** How a program gets into its qube while the states do not bring it. */
export function bringProgram({ program, name, folder, version, file, unpack, more, unit }: Program): RunbookStep {
  const link = [`sudo ln -sfn ${version} ${folder}/current`, ...(unit ? [`sudo systemctl start ${unit}`] : [])];
  return {
    title: `${program} in ${name}`,
    where: name,
    command: link.join(" && "),
    text: `The states lay out the place; the program itself they do not bring yet${unit ? ", and its service waits for it without failing" : ""}. Fetch its release in a Whonix qube that has network (a \`downloader\` is made for that), and \`qvm-copy\` it here. Check hash and signatures in ${name}, ${unpack ?? "unpack it as root"} into ${folder}/${version}, so that ${file} lies in it${more ? `, ${more}` : ""}; then:`,
  };
}
