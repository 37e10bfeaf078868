// SPDX-License-Identifier: GPL-3.0-or-later
import type { Audit } from "../../audit/finding.ts";
import { pairsOf } from "../../audit/pairs.ts";
import { graphText } from "../graph/text.ts";
import { wrapped } from "../wrapped.ts";
import { closed } from "./closed.ts";
import { matrix } from "./matrix.ts";
import { otherCalls } from "./other-calls.ts";

/** All of it for a terminal: the ways one by one, then at a glance, then what is closed and by what. */
export function reachText(audit: Audit): string {
  const { machine } = audit;
  const crowd = { ours: machine.ours.map(({ name }) => name), strangers: machine.strangers };
  const pairs = pairsOf(audit);
  const parts = [
    graphText(audit).trimEnd().split("\n"),
    matrix(pairs, crowd),
    otherCalls(pairs, crowd),
    closed(pairs, crowd),
    wrapped(
      `All else is denied. "Others" are the qubes of every machine that stand for the rest: ${machine.strangers.join(", ")}. What a qube that was taken over does with what it may reach, no policy says.`,
      "",
    ),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}
