// SPDX-License-Identifier: GPL-3.0-or-later

/** A device that a service must be let use, and for what. */
interface Device {
  readonly path: string;
  readonly why: string;
}

/** What `salt-templates/units/sandbox.hbs` shows: how a service is shut in, and the exceptions with their reasons. */
export interface Sandbox {
  /** The one folder that the service may write, if there is one. */
  readonly writable: string | false;
  /** Whether it is shown that folder without being let write it. */
  readonly readOnly: boolean;
  /** Why it must be let read all of /proc, where it must. */
  readonly readsProc: string | false;
  /** The devices it needs beyond null, zero and random. */
  readonly devices: readonly Device[];
  /** Why its user is not its own, where it is not: what the user's other programs share among them is then kept from it, and left alone. */
  readonly sharesUser: string | false;
}

/** A sandbox with no exception but those given. */
export function sandboxOf(writable: string | false, exceptions: Partial<Omit<Sandbox, "writable">> = {}): Sandbox {
  return { writable, readOnly: false, readsProc: false, devices: [], sharesUser: false, ...exceptions };
}
