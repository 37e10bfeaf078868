// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from "node:fs";
import example from "../../examples/seed/topology.yaml";
import type { SourceFile } from "../parse/document.ts";
import { DiskError, kindAt, reasonOf } from "./disk.ts";
import * as say from "./messages.ts";

/** The topology that is built when none is given and none lies here. */
export const builtIn: SourceFile = { name: "the built-in example (examples/seed)", text: example };

/** The name that is looked for where no topology is given. */
export const USUAL = "topology.yaml";

/** The topology that is meant: the one that is named (`-`: standard input), the one that lies here, or the built-in example. */
export function topologySource(path: string | undefined): SourceFile & { readonly chosen: string } {
  if (path !== undefined) return { ...readSource(path), chosen: "" };
  if (kindAt(USUAL) !== undefined) return { ...readSource(USUAL), chosen: `Using ${USUAL} in this folder.` };
  return { ...builtIn, chosen: `No ${USUAL} here and none named: using ${builtIn.name}.` };
}

function readSource(path: string): SourceFile {
  try {
    return { name: path === "-" ? "standard input" : path, text: readFileSync(path === "-" ? 0 : path, "utf8") };
  } catch (error) {
    throw new DiskError(say.cannotRead.at(undefined, path, reasonOf(error)));
  }
}
