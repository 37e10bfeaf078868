// SPDX-License-Identifier: GPL-3.0-or-later
import type { Knowledge, Stranger } from "../audit/knowledge.ts";
import { printable } from "../kernel/printable.ts";

/** As many characters as a terminal has in a row. */
const WIDTH = 80;

/** Who learns what, and what a qube that was taken over could do, for people. */
export function knowledgeText(all: readonly Knowledge[], strangers: readonly Stranger[]): string {
  const qubes = all.flatMap(({ qube, trustedWith, learns, ifTaken }) => [
    "",
    qube,
    ...list("trusted with", trustedWith),
    ...list(
      "learns",
      learns.map(({ what, from }) => `${what} (from ${from})`),
    ),
    ...list("taken over, it", ifTaken),
  ]);
  const beyond = strangers.map(({ who, what, by }) => `${who}: ${what} (by ${by})`);
  return [
    "Who learns what, and if a qube were taken over",
    "Roles: as MANIFEST.json claims them. Whom each reaches: what the policy allows.",
    ...qubes,
    ...(beyond.length > 0 ? ["", "beyond this machine", ...list("learn", [...new Set(beyond)])] : []),
    "",
  ]
    .map((line) => `${line}\n`)
    .join("")
    .replace(/\n\n$/, "\n");
}

/** A word, and below it a point for each text. */
function list(word: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  return [`  ${word}`, ...texts.flatMap((text) => wrapped(printable(text)))];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "    -";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== "-") {
      lines.push(line);
      line = "     ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
