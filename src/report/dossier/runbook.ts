// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";

/** A stretch of the runbook: words, or commands with the qube in which they are typed. */
interface Block {
  readonly text?: string;
  readonly commands?: string;
}

/** One step that is done by hand. */
export interface Step {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** What the page takes from the tree's README.md, its runbook: the word of whoever made the tree. */
export interface Runbook {
  /** What is done once, to get it going. */
  readonly once: readonly Step[];
  /** What is done when the time has come. */
  readonly later: readonly Step[];
  readonly backups: readonly string[];
}

/** Reads the parts that the compiler's template writes (salt-templates/tree/README.md.hbs); of another README nothing is taken. */
export function runbookOf(tree: Tree): Runbook {
  const parts = sections(tree.get("README.md")?.text ?? "");
  return {
    once: steps(parts.get("By hand, once") ?? []),
    later: steps(parts.get("By hand, when the time has come") ?? []),
    backups: items(parts.get("Backup and restore") ?? []),
  };
}

/** The items of lists, each with the lines that go on further in. */
function items(lines: readonly string[]): string[] {
  const found: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.startsWith("- ")) found.push(line.slice(2));
    else if (line.startsWith("  ") && /^(?:- | {2})/.test(lines[at - 1] ?? "") && found.length > 0)
      found.push(`${found.pop()} ${line.trim()}`);
  }
  return found.map((one) => one.replaceAll("`", ""));
}

function sections(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let lines: string[] = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    if (line.trimStart().startsWith("```")) fenced = !fenced;
    if (!fenced && line.startsWith("## ")) found.set(line.slice(3), (lines = []));
    else lines.push(line);
  }
  return found;
}

function steps(lines: readonly string[]): Step[] {
  const found: { title: string; blocks: Block[] }[] = [];
  let commands: string[] | undefined;
  for (const line of lines) {
    const blocks = found.at(-1)?.blocks;
    if (line.startsWith("```") && commands) {
      blocks?.push({ commands: commands.join("\n") });
      commands = undefined;
    } else if (line.startsWith("```")) commands = [];
    else if (commands) commands.push(line);
    else if (line.startsWith("### ")) found.push({ title: line.slice(4), blocks: [] });
    else if (line !== "") blocks?.push({ text: line });
  }
  return found;
}
