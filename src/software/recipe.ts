// SPDX-License-Identifier: GPL-3.0-or-later
import type { Crossing } from "./program.ts";

/** Where helper commands and programs lie in a qube. A program's own folder is `${LIBRARY}/<slug>`, its versions `${LIBRARY}/<slug>/<version>`. */
export const LIBRARY = "/usr/local/lib/qwbtc-salt";

/** OpenPGP evidence for a file whose digest is not known. */
export interface Signed {
  /** `sums`: a signed list of digests names the file. `itself`: the signature is over the file's own bytes. */
  readonly by: "sums" | "itself";
  /** The list of digests, where `by` is `sums`. */
  readonly sums?: string;
  /** The file with the detached signatures, of one or more signers. */
  readonly signature: string;
  /** Fingerprints of primary keys, 40 hex digits, of which `threshold` distinct ones must have signed the same bytes. */
  readonly keys: readonly string[];
  readonly threshold: number;
}

/** A file that a recipe asks for, and what says that it is the right one: exactly one of the three. */
export interface WantedFile {
  /** The name under which upstream publishes it, with the version in it: a file of another name is never taken for it. */
  readonly file: string;
  readonly sha256?: string;
  /** The digest of the tar inside: for a compressed file whose compression is not always the same bytes. */
  readonly tar_sha256?: string;
  readonly signed?: Signed;
}

/** What a recipe unpacks, and how. */
export interface Unpacking {
  /** `tar`: compressed or not. `appimage`: the file system inside, without running it. */
  readonly kind: "tar" | "appimage";
  /** How many leading parts of each member's name are dropped; tar only. */
  readonly strip?: number;
  /** A text that must stand in a file of the result (a path with `*` for a part): the version, where a signature does not name it. */
  readonly says?: { readonly path: string; readonly text: string };
}

/**
 * All that the script `formulas/every-qube/bring-program.py` is told about one program of one qube; a state writes it, as JSON, to
 * `${LIBRARY}/<slug>/recipe.json`. What stands in it is what counts: whoever brings the files is trusted with nothing.
 */
export interface Recipe {
  readonly format: 1;
  /** The program's name for people, and the name of its folder. */
  readonly program: string;
  readonly slug: string;
  readonly version: string;
  /** The program's folder; the version lies below it, and `current` beside the versions is a link to the one in use. */
  readonly folder: string;
  /** The file, below a version's folder, that must be there in the end. */
  readonly needed: string;
  /** The unit that is restarted when another version has become `current`, or null. */
  readonly unit: string | null;
  /** By the machine's name for itself (`uname -m`), or `any`. */
  readonly artifacts: Readonly<Record<string, WantedFile>>;
  /** Further files, each pinned, which lie beside the artifact when `finish` runs. */
  readonly more: readonly WantedFile[];
  /** Files with OpenPGP key blocks, for the signers of `artifacts`. */
  readonly keys: readonly string[];
  /** Where each file is published, by its name; what is missing here could not be sourced. https only. */
  readonly urls: Readonly<Record<string, string>>;
  /** The gateway's SocksPort through which they are fetched, ADDRESS:PORT; null where the qube has no network. */
  readonly proxy: string | null;
  readonly unpack: Unpacking;
  /** A root-owned program, called as `finish STAGE VERIFIED` as root in STAGE, before the version's folder gets its name. */
  readonly finish: string | null;
  /** Changes of version that are not to be undone, or need something done. */
  readonly crossings: readonly Crossing[];
}
