// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Path } from "../parse/document.ts";
import type { QubeEntry, topologySchema } from "./topology.ts";

type Shape = z.core.$ZodShape;

/** The names of the roles that a schema knows. */
export function rolesOf(schema: z.ZodType): string[] {
  const options = (schema as ReturnType<typeof topologySchema>).shape.qubes.valueType.options as readonly z.ZodObject[];
  return options.map((option) => String((option.shape["role"] as z.ZodLiteral).value));
}

/** The keys that the schema knows at a path. */
export function keysOf(schema: z.ZodType, path: Path, value: unknown): string[] {
  let here: z.ZodType = schema;
  for (const [depth, step] of path.entries()) {
    here = unwrap(here);
    if (here instanceof z.ZodObject) here = (here.shape as Shape)[step] as z.ZodType;
    else if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType;
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType;
    here = unwrap(here);
    if (here instanceof z.ZodUnion && !(here instanceof z.ZodDiscriminatedUnion))
      here = (here.options as z.ZodType[]).find((option) => option instanceof z.ZodObject) ?? here;
    if (here instanceof z.ZodDiscriminatedUnion) {
      const role = (at(value, path.slice(0, depth + 1)) as QubeEntry | undefined)?.role;
      here =
        (here.options as z.ZodObject[]).find((option) => (option.shape["role"] as z.ZodLiteral).value === role) ?? here;
    }
  }
  here = unwrap(here);
  return here instanceof z.ZodObject ? Object.keys(here.shape as Shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  let here = schema;
  while (here instanceof z.ZodOptional || here instanceof z.ZodDefault) here = here.unwrap() as z.ZodType;
  return here;
}

/** The value at a path of a document. */
export function at(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
