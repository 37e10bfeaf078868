// SPDX-License-Identifier: GPL-3.0-or-later
/** The blocks of commands of a section of a runbook. */
export function blocks(text: string, heading: string): string[] {
  const section = text.slice(text.indexOf(`\n## ${heading}\n`) + 1).split("\n## ")[0] ?? "";
  return [...section.matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(([, margin = "", block = ""]) =>
    block.replaceAll(new RegExp(`^${margin}`, "gm"), ""),
  );
}
