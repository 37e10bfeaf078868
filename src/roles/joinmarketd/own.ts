// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained } from "../../model/model.ts";

/** What became of JoinMarket; both of its roles say it. */
export const ended: Explained<string> = {
  value: "JoinMarket was archived by its authors in April 2026",
  why: "Version 0.9.12 is the last, and they say that it is not recommended for use. No mistake in it will be fixed any more, those that lose coins or anonymity included, and the traders that it needs may leave.",
  source: "JoinMarket-Org/joinmarket-clientserver README and release notes 0.9.12",
};

/** The daemon's port, and below it those of PayJoin (BIP78) and SNICKER (scripts/joinmarketd.py: less 1000 and less 2000). */
export const PORTS = { daemon: 27183, payjoin: 25183, snicker: 26183 };

export const USER = "joinmarket";
export const HOME = "/home/joinmarket";
/** The daemon's working folder; for takers it writes nothing (src/jmdaemon/daemon_protocol.py, maker_only). */
export const DATADIR = `${HOME}/joinmarketd`;

/** Where the verified program lies in server and wallet: one folder a program, its `current` a link to the version in use. */
export const PROGRAMS = "/usr/local/lib/qwbtc-salt/joinmarket";
export const CURRENT = `${PROGRAMS}/current`;

/** Seconds that the daemon is given to end; it has nothing to write (src/jmdaemon/daemon_protocol.py, maker_only). */
export const STOPS = 20;

/** The Qubes service that switches the daemon's unit on in a qube. */
export const serviceOf = (formula: string) => `${formula}-joinmarketd`;
