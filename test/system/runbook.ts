// SPDX-License-Identifier: GPL-3.0-or-later
/** The command blocks of a tree's runbook, as a reader finds them: where each is to be typed, and under which heading. */

export interface Block {
  /** The nearest headings of the second and third level. */
  readonly chapter: string;
  readonly heading: string;
  /** `dom0`, or a qube. */
  readonly where: string;
  readonly text: string;
}

export interface Check {
  readonly what: string;
  readonly where: string;
  readonly command: string;
  /** What it must show, in the runbook's own words. */
  readonly says: string;
}

/** All blocks of shell commands, in order. */
export function blocksOf(runbook: string): Block[] {
  const found: Block[] = [];
  let [chapter, heading, where] = ["", "", "dom0"];
  let block: string[] | undefined;
  for (const line of runbook.split("\n")) {
    const bare = line.trim();
    if (block !== undefined) {
      if (bare === "```") {
        found.push({ chapter, heading, where, text: block.join("\n") });
        block = undefined;
        where = "dom0";
      } else block.push(bare);
    } else if (bare === "```sh") block = [];
    else if (line.startsWith("## ")) [chapter, heading, where] = [line.slice(3), "", "dom0"];
    else if (line.startsWith("### ")) [heading, where] = [line.slice(4), "dom0"];
    else where = /^In ([A-Za-z][A-Za-z0-9_.-]*):$/.exec(bare)?.[1] ?? where;
  }
  return found;
}

/** The lines by which one sees that it works: a command in a qube, and what it shows. */
export function checksOf(runbook: string): Check[] {
  const line = /^- \*\*(?<what>[^*]+)\.\*\* In (?<where>[A-Za-z0-9_-]+): `(?<command>.+?)`\. (?<says>.*)$/gm;
  return [...runbook.matchAll(line)].map(({ groups }) => groups as unknown as Check);
}
