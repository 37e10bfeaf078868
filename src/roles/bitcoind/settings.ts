// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Section } from "../../model/setting.ts";
import { settledSections } from "../../model/settled.ts";
import { nodeFacts } from "./facts.ts";
import { options } from "./options/index.ts";

/** bitcoin.conf of one node, in reading order. */
export function settings(node: Qube): Section[] {
  return settledSections(options, nodeFacts(node), node);
}
