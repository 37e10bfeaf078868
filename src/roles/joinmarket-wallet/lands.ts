// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFile, ownFolder, rootsOwn, type Lands } from "../../model/lands.ts";
import { halfLands } from "../joinmarketd/lands.ts";
import { CONF, COOKIE, FOLDER } from "./own.ts";

/** What the states write in a wallet's qube. */
export const walletLands: Lands = {
  ...halfLands,
  files: [...(halfLands.files ?? []), rootsOwn("/usr/local/bin/jm"), ownFile("user", CONF)],
  folders: [...(halfLands.folders ?? []), ownFolder("user", FOLDER)],
  secrets: [{ ...ownFile("user", COOKIE), pillar: "{formula}:rpc:{name}", check: "{machine}:[A-Za-z0-9_-]+" }],
};
