// SPDX-License-Identifier: GPL-3.0-or-later
import manifest from "../package.json" with { type: "json" };

/** The compiler's own version. */
export const version: string = manifest.version;
