// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFolder, rootsOwn, rootsFile, type Lands } from "../../model/lands.ts";
import { WHONIX_RELEASES } from "../../software/platforms.ts";
import { LIBRARY } from "../../software/recipe.ts";
import { broughtTo } from "../../whonix/lands.ts";
import { environmentPackages, pipOverTor, walletLibraries } from "./libraries.ts";
import { DATADIR, HOME, PROGRAMS, USER } from "./own.ts";

const program = broughtTo(PROGRAMS);

/** What both halves of JoinMarket have: the program, and what makes its Python environment. */
export const halfLands: Lands = {
  files: [...program.files, rootsOwn(`${LIBRARY}/finish-joinmarket`), rootsFile(`${LIBRARY}/joinmarket.lock`)],
  folders: program.folders,
  template: {
    packages: [...environmentPackages, ...WHONIX_RELEASES.flatMap(({ version }) => walletLibraries(version))].map(
      ({ name }) => name,
    ),
  },
};

/** What the states write in a daemon's qube. */
export const daemonLands: Lands = {
  ...halfLands,
  files: [...(halfLands.files ?? []), rootsFile(`${LIBRARY}/joinmarket-of-{name}.lock`)],
  folders: [...(halfLands.folders ?? []), ownFolder(USER, HOME), ownFolder(USER, DATADIR)],
  template: {
    packages: [...(halfLands.template?.packages ?? []), pipOverTor.name],
    users: [{ name: USER, number: 863, home: HOME }],
  },
};
