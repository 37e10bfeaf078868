// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * A file or folder that states write, as its whole path. `{formula}` stands for the formula's name, `{name}` for one that somebody chose, `{port}`
 * for a number; of a secret also `{machine}` for the qube that it is written in, `{onion}` for an onion address.
 */
export interface Landing {
  readonly path: string;
  /** Its owner, whose group is its group. */
  readonly user: string;
  /** Four octal digits: none but these rights. A file's folders may have what follows from it, and no more. */
  readonly mode: string;
  /** What each line of it that is neither empty nor a comment must match whole, where nothing else looks at its text. */
  readonly lines?: RegExp;
}

/** A secret, with the pillar's key and the pattern for it. */
export interface SecretLanding extends Landing {
  readonly pillar: string;
  readonly check: string;
}

/** What a role's states do to the disks of its qubes and of its template: the audit of a finished tree knows these places and no others. */
export interface Lands {
  readonly files?: readonly Landing[];
  readonly folders?: readonly Landing[];
  readonly secrets?: readonly SecretLanding[];
  /** Files that an earlier topology may have left, which are removed. */
  readonly gone?: readonly string[];
  /** Folders from which what a topology names no longer is removed, by whom; of some, what bears such a name alone. */
  readonly swept?: readonly { readonly user: string; readonly folder: string; readonly glob?: string }[];
  /** Files of a program's own that get some keys, by whom, and where the keys lie. */
  readonly merged?: readonly { readonly user: string; readonly wanted: string; readonly path: string }[];
  /** In its template. Units need not be said: every role's bear the formula's name. */
  readonly template?: {
    readonly packages?: readonly string[];
    readonly users?: readonly { readonly name: string; readonly number: number; readonly home: string }[];
    readonly files?: readonly Landing[];
  };
}

/** A file of root's that all may read. */
export const rootsFile = (path: string, lines?: RegExp): Landing => ({
  path,
  user: "root",
  mode: "0644",
  ...(lines && { lines }),
});

/** A command of root's that all may run, or a folder that all may look into. */
export const rootsOwn = (path: string): Landing => ({ path, user: "root", mode: "0755" });

/** A file that its user alone reads. */
export const ownFile = (user: string, path: string): Landing => ({ path, user, mode: "0600" });

/** A folder that its user alone enters. */
export const ownFolder = (user: string, path: string): Landing => ({ path, user, mode: "0700" });
