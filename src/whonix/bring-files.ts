// SPDX-License-Identifier: GPL-3.0-or-later
import tool from "../../formulas/every-qube/bring-program.py";
import type { ManagedFile, Reload } from "../model/parts.ts";
import { LIBRARY, type Recipe } from "../software/recipe.ts";

const root = { user: "root", group: "root", dirMode: "0755" };

/** Where the script lies that brings programs. */
export const BRING_TOOL = `${LIBRARY}/bring-program`;

/** The script itself. */
export const bringTool: ManagedFile = {
  ...root,
  path: BRING_TOOL,
  content: { verbatim: tool },
  mode: "0755",
  why: "Takes the program's files from whoever has them, checks them by the recipe, and puts them in place.",
};

/** A recipe as a file. JSON has no comments: what it means stands in the script and in the state that writes it. */
export function recipeFile(path: string, recipe: Recipe, reload?: Reload): ManagedFile {
  return {
    ...root,
    path,
    content: { verbatim: `${JSON.stringify(recipe, null, 2)}\n` },
    mode: "0644",
    why: `Which ${recipe.program} is the right one (${recipe.version}): files, digests or signers, where it is published, and how it is unpacked.`,
    ...(reload && { reload }),
  };
}
