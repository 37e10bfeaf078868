// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFile, ownFolder, rootsOwn, rootsFile, type Lands } from "../../model/lands.ts";
import { LIBRARY } from "../../software/recipe.ts";
import { broughtTo } from "../../whonix/lands.ts";
import { CONF, DATADIR, HOME, OWN_CONF, PROGRAMS, USER } from "./own.ts";
import { rpcauthFile } from "./rpc-access.ts";
import { CONF as WATCHED } from "./watch-wallets.ts";

const program = broughtTo(PROGRAMS);

/** What the states write in a node. Of its folder these files alone: bitcoind reads settings.json there above its own settings (Bitcoin Core doc/files.md). */
export const nodeLands: Lands = {
  files: [
    ...program.files,
    ownFile(USER, CONF),
    ownFile(USER, `${DATADIR}/${OWN_CONF}`),
    rootsOwn("/usr/local/bin/bitcoin-cli"),
    rootsOwn("/usr/local/bin/node-status"),
    rootsOwn(`${LIBRARY}/watch-wallets`),
    rootsFile(WATCHED),
  ],
  folders: [...program.folders, ownFolder(USER, HOME), ownFolder(USER, DATADIR)],
  secrets: [
    {
      ...ownFile(USER, `${DATADIR}/${rpcauthFile("{name}")}`),
      pillar: "{formula}:rpcauth:{name}",
      check: "rpcauth={name}:[0-9a-f]+[$][0-9a-f]{64}",
    },
  ],
  gone: [WATCHED],
  template: {
    users: [{ name: USER, number: 861, home: HOME }],
    files: [
      rootsFile(
        "/usr/share/applications/{formula}-node-status.desktop",
        /^(?:\[Desktop Entry\]|Type=Application|Name=Bitcoin node status|Comment=[\w ,]+|Exec=\/usr\/local\/bin\/node-status --wait|Terminal=true|Categories=System;Monitor;)$/,
      ),
    ],
  },
};
