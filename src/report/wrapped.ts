// SPDX-License-Identifier: GPL-3.0-or-later

/** A text in lines of at most eighty columns, or fewer, broken at blanks. */
export function wrapped(text: string, indent: string, columns = 80): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.length > indent.length && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line];
}

/** Lines, each that is too long broken so that what goes on stands below its words: of a row of two columns, below the second. */
export function wrappedLines(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, start = "", words = ""] = /^( *(?:\S+ {2,})?)(.*)$/.exec(line) ?? [];
    const [first = "", ...rest] = wrapped(words, " ".repeat(start.length));
    return [`${start}${first.slice(start.length)}`, ...rest];
  });
}

/** What a program says, each message in one line, by which it can be searched for; nothing where it says nothing. */
export function quoted(title: string, says: readonly string[]): string {
  const lines = says.map((one) => `  ${one.replaceAll(/\s*\n\s*/g, " / ")}\n`);
  return says.length > 0 ? `\n${title}\n${lines.join("")}` : "";
}
