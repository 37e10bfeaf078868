// SPDX-License-Identifier: GPL-3.0-or-later
import type { Answering } from "./answer.ts";
import { backups } from "./backups.ts";
import { byHand } from "./by-hand.ts";
import { checked } from "./checked.ts";
import { clearnet } from "./clearnet.ts";
import { learns } from "./learns.ts";
import { leak } from "./leak.ts";
import { outside } from "./outside.ts";
import { ports } from "./ports.ts";
import { spend } from "./spend.ts";
import { taken } from "./taken.ts";

/** What somebody asks who is shown a system, in the order in which he would. */
export const answering: readonly Answering[] = [
  leak,
  spend,
  learns,
  taken,
  ports,
  clearnet,
  outside,
  backups,
  checked,
  byHand,
];
