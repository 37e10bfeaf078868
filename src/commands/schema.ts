// SPDX-License-Identifier: GPL-3.0-or-later
import type { Terminal } from "../io/terminal.ts";
import { roles } from "../roles/index.ts";
import { jsonSchema } from "../topology/json-schema.ts";
import { EXIT } from "./find.ts";

/** `schema`: prints the JSON Schema of the topology language. */
export function schema(terminal: Terminal): number {
  terminal.out(jsonSchema(roles));
  return EXIT.well;
}
