// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained } from "../../model/model.ts";

/** Why a gateway with bridges is left to the user. */
export const bridgesByHand: Explained<string> = {
  value: "bridges: by-hand",
  why: "Whonix connects as soon as it has a net qube, bridges or not. So it is made without one and never started from here: set the bridges, then the net qube, which is left as it is from then on.",
  source: "Whonix documentation, Bridges",
};
