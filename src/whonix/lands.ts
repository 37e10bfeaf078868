// SPDX-License-Identifier: GPL-3.0-or-later
import { rootsOwn, rootsFile, type Landing, type Lands } from "../model/lands.ts";
import type { QubeOs } from "../model/model.ts";
import { LIBRARY } from "../software/recipe.ts";
import { BRING_TOOL } from "./bring-files.ts";

/** By which its files are told of changes; and what a user's prompt reads. */
const named: readonly Landing[] = [
  rootsOwn(`${LIBRARY}/told`),
  rootsOwn(`${LIBRARY}/own-block`),
  rootsFile(`${LIBRARY}/prompt.sh`),
];

/** What qubes of an operating system hold whatever their role, each file only where it is wanted. */
export const EVERY_QUBE: Readonly<Record<QubeOs, Lands>> = {
  gateway: { files: named },
  workstation: {
    files: [
      ...named,
      rootsOwn(BRING_TOOL),
      rootsOwn(`${LIBRARY}/in-force`),
      rootsOwn(`${LIBRARY}/merge-json`),
      rootsFile("/usr/local/etc/qwbtc-salt/daemons.json"),
      // Read as TOML since sdwdate-gui 12.8, and by bash before, which would run whatever else stands there.
      rootsFile("/usr/local/etc/sdwdate-gui.d/40_{formula}.conf", /^(?:gateway="[A-Za-z][\w-]*"|disable=true)$/),
      // Read by bash (Kicksecure/tb-starter usr/bin/torbrowser).
      rootsFile("/usr/local/etc/torbrowser.d/40_{formula}.conf", /^tb_no_start=true$/),
      rootsFile("/usr/local/etc/whonix_firewall.d/40_{formula}.conf"),
    ],
    // What checks, unpacks and fetches programs.
    template: { packages: ["gpgv", "squashfs-tools", "curl", "ca-certificates"] },
  },
  debian: { files: [rootsOwn(`${LIBRARY}/told`)] },
};

/** The folder of a program that is brought, whose versions the qube fills itself, and the recipe in it. */
export function broughtTo(folder: string): Required<Pick<Lands, "files" | "folders">> {
  return { folders: [rootsOwn(folder)], files: [rootsFile(`${folder}/recipe.json`)] };
}
