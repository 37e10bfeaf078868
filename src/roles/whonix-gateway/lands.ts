// SPDX-License-Identifier: GPL-3.0-or-later
import { ownFile, ownFolder, rootsFile, type Lands } from "../../model/lands.ts";
import {
  firewallPath,
  graterPath,
  onionFolder,
  clientFile,
  clientsFolder,
  torrcPath,
  TOR_USER,
} from "../../whonix/gateway.ts";
import { FOLDER, fileOf } from "./client-auth.ts";

const folder = onionFolder("{formula}", "{name}");
const clients = clientsFolder(folder);

/** What the states write in a gateway: tor's and the firewall's settings, its onion services' folders, and keys. */
export const gatewayLands: Lands = {
  files: [
    rootsFile(torrcPath("{formula}")),
    rootsFile(graterPath("{formula}")),
    rootsFile(firewallPath("{formula}")),
    ownFile(TOR_USER, clientFile(folder, "{client}")),
  ],
  folders: [ownFolder(TOR_USER, folder), ownFolder(TOR_USER, clients), ownFolder(TOR_USER, FOLDER)],
  secrets: [
    {
      ...ownFile(TOR_USER, `${FOLDER}/${fileOf("{name}", "{formula}")}`),
      pillar: "{formula}:onion_auth:{name}",
      check: "{onion}:descriptor:x25519:[A-Z2-7]{52}",
    },
  ],
  gone: [torrcPath("{formula}"), graterPath("{formula}")],
  swept: [
    { user: TOR_USER, folder: clients },
    { user: TOR_USER, folder: FOLDER, glob: fileOf("*", "{formula}") },
  ],
};
