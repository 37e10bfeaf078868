// SPDX-License-Identifier: GPL-3.0-or-later
import type { RunbookStep } from "../model/role.ts";

/** Where files are fetched from in a restored copy of a qube, and where they belong in the qube that the states made. */
interface Comeback {
  readonly name: string;
  readonly what: string;
  /** The folder that is copied, in both. */
  readonly folder: string;
  readonly text: string;
}

/** How the files of one folder come out of a restored copy, which Qubes calls by the name and a digit, into the new qube. Nothing is overwritten. */
export function bringBack({ name, what, folder, text }: Comeback): RunbookStep[] {
  const copied = folder.slice(folder.lastIndexOf("/") + 1);
  return [
    {
      title: `Out of the restored ${name}: ${what}`,
      where: `${name}1, or whatever Qubes called the restored qube`,
      command: `qvm-copy ${folder}`,
      text: `dom0 asks where to: ${name}.`,
    },
    {
      title: `Into the new ${name}: ${what}`,
      where: name,
      command: [`mkdir -p -m 0700 ${folder}`, `cp -rn ~/QubesIncoming/${name}1/${copied}/. ${folder}/`].join("\n"),
      text,
    },
  ];
}
