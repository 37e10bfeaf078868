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
