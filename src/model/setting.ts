// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained } from "./model.ts";

/** One line of a daemon's configuration file, with its reason. */
export interface Setting extends Explained<string | number> {
  readonly key: string;
}

/** Lines of a configuration file under a heading, in reading order. */
export interface Section {
  /** A line such as `[main]` that begins a section of the file, without its brackets; empty where it goes on as before. */
  readonly mark?: string;
  readonly heading: string;
  readonly settings: readonly Setting[];
}
