// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Role } from "../model/role.ts";
import { topologySchema } from "./topology.ts";

/** The JSON Schema of the topology language, for editors. Draft 7: yaml-language-server reads "JSON Schema 7 and below" (its README). */
export function jsonSchema(roles: readonly Role[]): string {
  const schema = z.toJSONSchema(topologySchema(roles), { target: "draft-7", io: "input" });
  return `${JSON.stringify({ title: "qwbtc-salt topology", ...schema }, null, 2)}\n`;
}
