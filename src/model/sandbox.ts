// SPDX-License-Identifier: GPL-3.0-or-later

/** What `salt-templates/units/sandbox.hbs` shows: how a daemon is shut in, and the exceptions with their reasons. */
export interface Sandbox {
  /** The one folder that the daemon may write; false where there is none. */
  readonly writable: string | false;
  /** Why it must be let read all of /proc, where it must. */
  readonly readsProc: string | false;
}

/** A sandbox with no exception but those given. */
export function sandboxOf(writable: string | false, exceptions: Partial<Omit<Sandbox, "writable">> = {}): Sandbox {
  return { writable, readsProc: false, ...exceptions };
}
