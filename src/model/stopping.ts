// SPDX-License-Identifier: GPL-3.0-or-later
import type { Daemon } from "./parts.ts";

/** Seconds after which dom0 kills a qube that does not end, where nothing else is set (qubes-core-admin qubes/app.py, default_shutdown_timeout). */
export const DEFAULT_SHUTDOWN = 60;

/** Seconds that the rest of a system takes to end, before and after its daemons: other units, unmounting. */
const REST = 30;

/** Seconds that a qube with these daemons must be given: the longest of them, for systemd stops all at once, and the rest of its system. */
export function timeToStop(daemons: readonly Pick<Daemon, "stops">[]): number {
  return daemons.length === 0 ? 0 : Math.max(...daemons.map(({ stops }) => stops)) + REST;
}

/**
 * Seconds that dom0 waits for all qubes together when the machine is powered off; by default 180 (qubes-core-admin linux/systemd/qubes-core.service).
 * Below the half hour after which systemd powers off by force (poweroff.target). Qubes are shut down at once, and net qubes after those behind them.
 */
export const POWER_OFF = 1500;
