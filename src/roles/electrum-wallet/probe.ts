// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { RoleProbe } from "../../model/probe.ts";
import { chainServed } from "../bitcoind/chains.ts";
import { isPackaged } from "./facts.ts";
import { folderOf, PROGRAMS } from "./own.ts";

/** How one sees that Electrum is there, and how far it is while it runs. */
export function walletProbe(qube: Qube): RoleProbe {
  return {
    programs: [
      isPackaged(qube)
        ? { name: "Electrum", file: "/usr/bin/electrum" }
        : {
            name: "Electrum",
            file: `${PROGRAMS}/current/AppRun`,
            current: `${PROGRAMS}/current`,
            version: qube.version,
          },
    ],
    height: {
      command: ["/usr/local/bin/electrum", "getinfo"],
      user: "user",
      // electrum/daemon.py, get_lockfile: without it the command would look for no daemon in vain.
      only_with: `${folderOf(chainServed(qube))}/daemon`,
      keys: { blocks: "blockchain_height" },
    },
  };
}
