// SPDX-License-Identifier: GPL-3.0-or-later
import { writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { DiskError, kindAt, makeFolders } from "../io/disk.ts";
import * as say from "../io/messages.ts";
import { onDisk } from "../io/publish.ts";
import type { Terminal } from "../io/terminal.ts";
import { builtIn, USUAL } from "../io/topology-source.ts";
import { roles } from "../roles/index.ts";
import { jsonSchema } from "../topology/json-schema.ts";
import { EXIT } from "./find.ts";

const SCHEMA = "topology.schema.json";

/** `init`: puts a topology to start from into a folder, with the schema that its first line names. Overwrites nothing. */
export function init(folder: string, terminal: Terminal): number {
  for (const name of [USUAL, SCHEMA]) {
    const path = join(folder, name);
    if (kindAt(path) !== undefined) throw new DiskError(say.wouldOverwrite.at(undefined, path));
  }
  onDisk(folder, () => {
    makeFolders(resolve(folder));
    writeFileSync(join(folder, SCHEMA), jsonSchema(roles), { flag: "wx" });
    writeFileSync(join(folder, USUAL), builtIn.text.replace("$schema=../", "$schema=./"), { flag: "wx" });
  });
  const where = relative(".", folder) || ".";
  terminal.out(
    [
      `Wrote ${where}/${USUAL}, a node with an Electrum server and wallet and JoinMarket, and ${where}/${SCHEMA}, by which an editor helps you to change it.`,
      `Next: qwbtc-salt check${where === "." ? "" : ` ${where}/${USUAL}`}, then qwbtc-salt build${where === "." ? "" : ` ${where}/${USUAL}`}`,
      "",
    ].join("\n"),
  );
  return EXIT.well;
}
