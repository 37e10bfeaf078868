// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Outcome } from "../kernel/outcome.ts";
import type { Role } from "../model/role.ts";
import type { Document, Locate } from "../parse/document.ts";
import { explainIssue } from "./issues.ts";
import * as say from "./messages.ts";
import { topologySchema, type QubeEntry, type Topology } from "./topology.ts";

// One compile uses each schema once: generating code for it (zod's default) costs more than it saves.
z.config({ jitless: true });

/** A topology whose shape was checked, and the names of what it declares, whole or broken. */
export interface Validated {
  readonly topology: Topology;
  /** The qubes that were declared but are too broken to be understood: nothing is said twice on their account. */
  readonly broken: ReadonlySet<string>;
  /** Whether nothing at all is broken. */
  readonly whole: boolean;
  readonly locate: Locate;
}

/** Document → Topology: shape, types and characters; all mistakes at once. Hands on the qubes that are whole even if others are not. */
export function validate(document: Document, roles: readonly Role[]): Outcome<Validated> {
  const schema = topologySchema(roles);
  const result = schema.safeParse(document.value);
  const found: Diagnostic[] = [];
  const bad = new Set<string>();
  let headless = false;

  for (const issue of result.error?.issues ?? []) {
    const path = issue.path.filter((step) => typeof step !== "symbol");
    found.push(...explainIssue(issue, path, document, schema, roles));
    if (path[0] === "qubes" && typeof path[1] === "string") bad.add(path[1]);
    else if (path.length < 2 || path[0] !== "external") headless = true;
  }

  const value = document.value as { qubes?: Record<string, unknown> };
  if (result.success && Object.keys(result.data.qubes).length === 0) {
    found.push(say.noQubes.at(document.locate(["qubes"], "key")));
  }
  if (result.success)
    return new Outcome({ topology: result.data as Topology, broken: bad, whole: true, locate: document.locate }, found);
  if (headless && !repairable(document.value)) return new Outcome<Validated>(undefined, found);

  // Read again what is whole, so that the later stages can report their mistakes in the same run.
  const whole = Object.fromEntries(Object.entries(value.qubes ?? {}).filter(([name]) => !bad.has(name)));
  const again = schema.safeParse({ ...skeleton(document.value, roles), qubes: whole });
  return new Outcome(
    again.success
      ? { topology: again.data as Topology, broken: bad, whole: false, locate: document.locate }
      : undefined,
    found,
  );
}

/** Whether the qubes can be looked at although the head of the file is broken. */
function repairable(value: unknown): value is { qubes: Record<string, QubeEntry> } {
  return (
    typeof value === "object" &&
    value !== null &&
    "qubes" in value &&
    typeof value.qubes === "object" &&
    value.qubes !== null
  );
}

/** The head of a topology with what is broken in it left out: good enough to check the references, never to build from. */
function skeleton(value: unknown, roles: readonly Role[]): object {
  const head = value as Record<string, unknown>;
  const { formula, platform, external, updates } = topologySchema(roles).shape;
  const kept = (part: z.ZodType, key: string) =>
    part.safeParse(head[key]).success && head[key] !== undefined ? { [key]: head[key] } : {};
  return {
    formula: "broken",
    platform: { qubes: "4.3", whonix: 18 },
    ...kept(formula, "formula"),
    ...kept(platform, "platform"),
    ...kept(external, "external"),
    ...kept(updates, "updates"),
  };
}
