// SPDX-License-Identifier: GPL-3.0-or-later

/** A qube of a finished tree, as far as its files tell. */
export interface Seen {
  readonly name: string;
  /** What a file says that the states write in it, by the end of its path; nothing where there is none, or its text is not in the tree. */
  readonly text: (end: RegExp) => string | undefined;
}

/** A port of one qube that another may use: both ends, as a finished tree has them. */
export interface Door {
  readonly client: Seen;
  readonly server: Seen;
  /** The server's port. */
  readonly port: number;
  /** Whether the server only passes on what it hears, to one elsewhere. */
  readonly forwards: boolean;
}

/** What somebody learns, in words that follow "learns", and why that is so. */
export interface Told {
  readonly what: string;
  readonly why: string;
}

/** What follows for a qube from who serves it. */
interface Served {
  /** What that server learns of the client. */
  readonly learns: (door: Door) => readonly Told[];
  /** What a server could do to the client that lies to it, in words that follow "it". */
  readonly could: (door: Door) => readonly string[];
}

/** What of worth lies on a qube's own disk. */
export interface Kept {
  /** `keys`: gone for good with the disk. `data`: it can be had again, and is large. */
  readonly kind: "keys" | "data";
  readonly what: string;
  /** GiB that it needs today, where that is known. */
  readonly gib?: number;
}

/** Something that may be so for a reason, which `because` gives under this name. */
interface Meant {
  readonly key: string;
  readonly why: string;
}

/**
 * What a role's qubes are trusted with, what they learn, and what whoever took one over could do: what holds by what they are. Who may reach whom
 * is no part of it, for that is read from the policy of each tree.
 */
export interface Trust {
  /** What its user relies on it for: coins, keys, anonymity, a true view of the chain, that it runs. Sentences. */
  readonly with: readonly string[];
  /** What it learns of its user other than by a link, and from whom. */
  readonly learns: readonly (Told & { readonly from: string })[];
  /** What it could do, were it taken over, whoever it reaches: words that follow "it". */
  readonly ifTaken: readonly string[];
  /** By the roles of those who serve it, its gateway among them. */
  readonly servedBy?: Readonly<Record<string, Served>>;
  /** What whoever uses a port of it, or goes out through it, could do by that: words that follow "it". */
  readonly allows?: (door: Door) => readonly string[];
  /** What those learn who use it from outside, and what it learns of them. */
  readonly outside?: readonly Told[];
  /** What of worth lies on its disk; nothing where the states make all of it again. */
  readonly keeps?: Kept;
  /** Whether a port of it is made for whoever comes, so that an onion service may end there that asks for no key. */
  readonly forStrangers?: (port: number) => boolean;
  /** Those of its clients whom it does not keep from each other's things, if more than one may be there only for a reason. */
  readonly mingles?: Meant & { readonly clients: (doors: readonly Door[]) => readonly string[] };
  /** Why no other qube should stand behind its gateway. */
  readonly alone?: Meant;
  /** Who beyond the machine learns what by its doings. */
  readonly strangers: readonly (Told & { readonly who: string })[];
}
