// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionSet } from "../../../software/option.ts";
import type { ServerFacts } from "../facts.ts";
import { clients } from "./clients.ts";
import { node } from "./node.ts";
import { resources } from "./resources.ts";

/** What Fulcrum 1.8.1 to 2.1.1 can be told; in the order of fulcrum.conf. A key that a version does not know it passes over in silence. */
export const options: OptionSet<ServerFacts> = {
  program: "Fulcrum",
  groups: [node, clients, resources],
  flags: ["false", "true"],
  lists: "commas",
};
