// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DiskError, reasonOf } from "./disk.ts";
import * as say from "./messages.ts";

/** The policy files of a folder (and its `include/`), by the paths at which dom0 has them. Throws DiskError where it cannot be read. */
export function readPolicies(folder: string): Map<string, string> {
  try {
    const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile());
    return new Map(
      files.map((one): [string, string] => {
        const path = join(one.parentPath, one.name);
        return [`/etc/qubes/policy.d/${path.slice(folder.replace(/\/+$/, "").length + 1)}`, readFileSync(path, "utf8")];
      }),
    );
  } catch (error) {
    throw new DiskError(say.cannotRead.at(undefined, folder, reasonOf(error)));
  }
}
