// SPDX-License-Identifier: GPL-3.0-or-later
import { allMessages } from "../kernel/message.ts";
import { roles } from "../roles/index.ts";
import { optionsOf } from "../software/option.ts";
import { quoted, wrappedLines } from "./wrapped.ts";

/** What a message means. Undefined if there is none of that code. */
export function explainCode(code: string): string | undefined {
  const found = allMessages().find((one) => one.code === code);
  if (!found) return undefined;
  const lines = [`${found.code} (${found.severity}): ${found.title}`];
  if (found.why !== undefined) lines.push("", found.why);
  if (found.fix !== undefined) lines.push("", found.fix);
  if (found.source !== undefined) lines.push("", `Source: ${found.source}`);
  const says = [...(found.says ?? []), ...(OF_SETTINGS.has(code) ? optionsSay() : [])];
  if (OF_SETTINGS.has(code)) lines.push("", "For one setting: qwbtc-salt explain bitcoind:prune");
  return `${wrappedLines(lines).join("\n")}\n${quoted("What the program itself says, or does in silence:", says)}`;
}

/** The messages about any setting: what programs say of theirs stands with the settings. */
const OF_SETTINGS = new Set(["QB212", "QB213", "QB214"]);

function optionsSay(): string[] {
  const all = roles.flatMap(({ options }) => (options ? optionsOf(options) : []));
  return [...new Set(all.flatMap(({ name, says = [] }) => says.map((one) => `${name}: ${one}`)))];
}
