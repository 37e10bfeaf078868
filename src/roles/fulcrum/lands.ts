// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFile, ownFolder, type Lands } from "../../model/lands.ts";
import { broughtTo } from "../../whonix/lands.ts";
import { CONF, COOKIE, DATABASE, DATADIR, HOME, PROGRAMS, USER } from "./own.ts";

const program = broughtTo(PROGRAMS);

/** What the states write in a server of wallets. */
export const serverLands: Lands = {
  files: [...program.files, ownFile(USER, CONF)],
  folders: [...program.folders, ...[HOME, DATADIR, DATABASE].map((path) => ownFolder(USER, path))],
  secrets: [{ ...ownFile(USER, COOKIE), pillar: "{formula}:rpc:{name}", check: "{machine}:[A-Za-z0-9_-]+" }],
  template: { users: [{ name: USER, number: 862, home: HOME }] },
};
