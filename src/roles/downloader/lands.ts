// SPDX-License-Identifier: GPL-3.0-or-later
import { rootsFile, rootsOwn, type Lands } from "../../model/lands.ts";
import { LIBRARY } from "../../software/recipe.ts";

const RECIPES = `${LIBRARY}/recipes`;

/** What the states write in a qube that fetches: its command, and what the others ask for. */
export const downloaderLands: Lands = {
  files: [rootsOwn("/usr/local/bin/fetch-program"), rootsFile(`${RECIPES}/{name}.json`)],
  folders: [rootsOwn(RECIPES)],
  swept: [{ user: "root", folder: RECIPES }],
};
