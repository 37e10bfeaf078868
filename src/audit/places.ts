// SPDX-License-Identifier: GPL-3.0-or-later
import type { Rule } from "../policy/language/rule.ts";
import type { Audit } from "./finding.ts";
import type { Place } from "./states.ts";

/**
 * Where a policy line stands: in the tree, or in a file of the machine. Of a stock file that is restated here only the file is known, for what
 * else stands in it is not restated.
 */
export function placeOfRule({ file, line }: Rule, { facts, machine }: Omit<Audit, "reach">): Place {
  const landed = facts.policies.get(file);
  if (landed) return { file: landed.origin, line };
  return { file, line: machine.restated ? 0 : line };
}
