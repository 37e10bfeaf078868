// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import { optionsOf, type Kind, type Option, type OptionSet } from "../software/option.ts";

/** The schema of a role's `settings:`: the options that a topology may choose, each with its type and range; versions are a rule's business. */
export function settingsSchema(set: OptionSet): z.ZodType {
  const open = optionsOf(set).filter(isOpen);
  return z
    .strictObject(Object.fromEntries(open.map((option) => [option.name, schemaOf(option).optional()])))
    .optional()
    .describe(`Settings of ${set.program}, by its own names. All others follow from the topology.`);
}

/** Whether a topology may choose it. */
export function isOpen({ owner }: Option): boolean {
  return owner === "user" || owner === "guarded";
}

function schemaOf({ kind, what, since, until, owner }: Option): z.ZodType {
  const versions = [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(", ");
  const notes = [versions, owner === "guarded" ? "needs a `because`" : ""].filter((one) => one !== "").join("; ");
  return typeOf(kind).describe(notes === "" ? what : `${what} (${notes})`);
}

function typeOf(kind: Kind): z.ZodType {
  switch (kind.is) {
    case "flag":
      return z.boolean();
    case "number": {
      const range = (kind.decimals ? z.number() : z.int()).min(kind.min).max(kind.max);
      return kind.also ? z.union([z.literal([...kind.also]), range]) : range;
    }
    case "choice":
      return z.enum(kind.of as [string, ...string[]]);
    case "text":
      return z.string().regex(kind.pattern);
    case "list":
      return z.array(z.string().regex(kind.pattern)).min(1).max(100);
  }
}

/** What a setting takes, in words. */
export function kindText(kind: Kind): string {
  switch (kind.is) {
    case "flag":
      return "true or false";
    case "number": {
      if (kind.min === kind.max) return `one of ${[...(kind.also ?? []), kind.min].join(", ")}`;
      const also = kind.also ? `${kind.also.join(" or ")}, or ` : "";
      const number = kind.decimals ? "a number" : "a whole number";
      return `${also}${number} from ${kind.min} to ${kind.max}${kind.unit ? ` (${kind.unit})` : ""}`;
    }
    case "choice":
      return `one of ${kind.of.join(", ")}`;
    case "text":
      return kind.what;
    case "list":
      return `a list, each ${kind.what}`;
  }
}
