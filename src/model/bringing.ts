// SPDX-License-Identifier: GPL-3.0-or-later
import type { Unpacking, WantedFile } from "../software/recipe.ts";

/** How a role's program gets into its qube and where it lies there; what is to be brought, and by which pins, says the catalogue. */
export interface Bringing {
  /** The name of the program's folder below `LIBRARY`. */
  readonly slug: string;
  /** The file, below a version's folder, that must be there. */
  readonly needed: string;
  /** The unit that waits for it. */
  readonly unit?: string;
  readonly unpack: Unpacking;
  /** Which kinds of the release's artifacts it is; absent: all. */
  readonly archs?: readonly string[];
  /** Further files that lie beside the artifact when `finish` runs, each pinned, with the place where it is published. */
  readonly more?: readonly (WantedFile & { readonly url?: string })[];
  /** An absolute path: called as root with the folder that will become the version's, and the folder with the verified files. */
  readonly finish?: string;
}
