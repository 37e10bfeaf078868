// SPDX-License-Identifier: GPL-3.0-or-later

/** What of worth lies in a qube: keys; a chain or an index, which take days or weeks to have again; nothing that the states do not make again. */
type Worth = "keys" | "chain" | "index" | "nothing";

/** What is lost with a qube, for programs and for people. `uninstall.sh` asks a second time before it removes any but `nothing`. */
export interface Holds {
  readonly what: Worth;
  /** What exactly, and how it comes back: a sentence. */
  readonly words: string;
}
