// SPDX-License-Identifier: GPL-3.0-or-later
import type { Reload } from "../model/parts.ts";

/** Loads the firewall anew: at boot a service does it, in a running qube nobody else would. */
export const reloadFirewall: Reload = {
  id: "reload-firewall",
  command: "whonix_firewall",
  why: "A running qube takes a changed firewall file only when the firewall is loaded anew.",
};

/** Lets tor read its files again; --no-block, because tor may still wait for its first start to be finished. */
export const reloadTor: Reload = {
  id: "reload-tor",
  command: "systemctl --no-block reload-or-restart tor@default.service",
  why: "A running tor takes a changed file only when it is told to.",
};

/** Merges the profiles and starts the filter with them. */
export const restartOnionGrater: Reload = {
  id: "restart-onion-grater",
  command: "systemctl --no-block restart onion-grater.service",
  why: "onion-grater reads its profiles when it starts.",
};
