// SPDX-License-Identifier: GPL-3.0-or-later
import type { Explained } from "./model.ts";

/** One line of a daemon's configuration file, with its reason. */
export interface Setting extends Explained<string | number> {
  readonly key: string;
}

/** Lines of a configuration file under a heading, in reading order. */
export interface Section {
  readonly heading: string;
  readonly settings: readonly Setting[];
}
