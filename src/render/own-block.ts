// SPDX-License-Identifier: GPL-3.0-or-later
import tool from "../../formulas/every-qube/own-block.py";
import type { Block, ManagedFile } from "../model/parts.ts";
import { shell, word } from "./escapes.ts";

/** Where the command lies in a qube that keeps a line of ours in a user's file. */
const BLOCK_TOOL = "/usr/local/lib/qwbtc-salt/own-block";

/** The command itself. */
export const blockTool: ManagedFile = {
  path: BLOCK_TOOL,
  content: { verbatim: tool },
  user: "root",
  group: "root",
  mode: "0755",
  dirMode: "0755",
  why: "Keeps a line of ours in a file of the user's, with the user's rights alone, and leaves the rest of it as it is.",
};

/**
 * A block for its state. Not file.blockreplace: it reads and writes as root whatever the user's file leads to, and copies it where the user reads
 * it (salt/modules/file.py, blockreplace).
 */
export function blockView({ path, user, line, why }: Block) {
  const run = (order: string) =>
    `cd / && runuser -u ${word(user)} -- ${BLOCK_TOOL} ${order}${word(path)} ${shell(line)}`;
  return { path, why, tool: BLOCK_TOOL, write: run(""), check: run("--check ") };
}
