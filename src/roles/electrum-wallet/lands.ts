// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFolder, rootsOwn, rootsFile, type Lands } from "../../model/lands.ts";
import { broughtTo } from "../../whonix/lands.ts";
import type { ChainName } from "../bitcoind/chains.ts";
import { WORDS } from "./facts.ts";
import { folderOf, HOME_FOLDER, PROGRAMS } from "./own.ts";

const program = broughtTo(PROGRAMS);
const wanted = `${PROGRAMS}/config.json`;
const folders = Object.keys(WORDS).map((chain) => folderOf(chain as ChainName));

/** What the states write in a wallet's qube: Electrum's own folder, of which they touch one file, and what starts it. */
export const walletLands: Lands = {
  files: [
    ...program.files,
    rootsFile(wanted),
    // Two words that our command reads: which Electrum, and which chain.
    rootsFile(`${PROGRAMS}/start`, /^(?:debian|[0-9.]+) [a-z0-9]+$/),
    rootsOwn("/usr/local/bin/electrum"),
  ],
  folders: [...program.folders, ...new Set([HOME_FOLDER, ...folders, ...folders.map((one) => `${one}/wallets`)])].map(
    (one) => (typeof one === "string" ? ownFolder("user", one) : one),
  ),
  merged: folders.map((one) => ({ user: "user", wanted, path: `${one}/config` })),
  template: {
    packages: ["electrum", "python3-pyqt5"],
    files: [
      rootsFile(
        "/usr/share/applications/{formula}-electrum.desktop",
        /^(?:\[Desktop Entry\]|Type=Application|Name=Electrum Bitcoin Wallet|Comment=[\w ,]+|Exec=\/usr\/local\/bin\/electrum %u|Icon=electrum|Terminal=false|Categories=Office;Finance;|MimeType=x-scheme-handler\/bitcoin;x-scheme-handler\/lightning;|StartupWMClass=electrum)$/,
      ),
    ],
  },
};
