// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Tree } from "../kernel/tree.ts";
import { MEANT } from "./departures.ts";
import { factsOf } from "./facts.ts";
import type { Audit, TreeRule } from "./finding.ts";
import { machineOf } from "./machine.ts";
import { reachOf } from "./reach.ts";
import { ages } from "./rules/ages.ts";
import { apart } from "./rules/apart.ts";
import { knownArguments } from "./rules/arguments.ts";
import { calls } from "./rules/calls.ts";
import { claims } from "./rules/claims.ts";
import { conditions } from "./rules/conditions.ts";
import { daemons } from "./rules/daemons.ts";
import { disks } from "./rules/disks.ts";
import { files } from "./rules/files.ts";
import { firewallRules } from "./rules/firewall-rules.ts";
import { forwarded } from "./rules/forwarded.ts";
import { guarded } from "./rules/guarded.ts";
import { guardedSettings } from "./rules/guarded-settings.ts";
import { knownSecrets } from "./rules/known-secrets.ts";
import { knownSettings } from "./rules/known-settings.ts";
import { knownUnits } from "./rules/known-units.ts";
import { named } from "./rules/named.ts";
import { networks } from "./rules/networks.ts";
import { onionKeys } from "./rules/onion-keys.ts";
import { pins } from "./rules/pins.ts";
import { policyLines } from "./rules/policy-lines.ts";
import { programs } from "./rules/programs.ts";
import { toldOfQubes } from "./rules/qvm.ts";
import { tags } from "./rules/tags.ts";
import { templates } from "./rules/templates.ts";
import { tor } from "./rules/tor.ts";
import { units } from "./rules/units.ts";
import { ownPolicy } from "./rules/own-policy.ts";
import { places } from "./rules/places.ts";
import { provisions } from "./rules/provisions.ts";
import { strangers } from "./rules/strangers.ts";
import { sweeps } from "./rules/sweeps.ts";
import { readable } from "./rules/readable.ts";

const rules: readonly TreeRule[] = [
  readable,
  knownArguments,
  conditions,
  toldOfQubes,
  policyLines,
  calls,
  networks,
  guarded,
  files,
  units,
  knownUnits,
  firewallRules,
  forwarded,
  tor,
  onionKeys,
  daemons,
  knownSettings,
  knownSecrets,
  guardedSettings,
  apart,
  disks,
  pins,
  ages,
  programs,
  templates,
  named,
  tags,
  ownPolicy,
  places,
  provisions,
  strangers,
  sweeps,
  claims,
];

/** Reads a finished tree, ours or anybody's, and puts it onto a stock machine, or onto one whose policy files are given. */
export function study(tree: Tree, policies?: ReadonlyMap<string, string>): Audit {
  const facts = factsOf(tree);
  const machine = machineOf(facts, policies);
  return { facts, machine, reach: reachOf(facts, machine) };
}

/** What the rules over a topology say as well, at a place in it: said again of its tree, it would only be said twice. */
export const SAID_OF_TOPOLOGY: ReadonlySet<string> = new Set([MEANT, "QB795", "QB796", "QB797", "QB798"]);

const judged = new WeakMap<Audit, readonly Diagnostic[]>();

/** All that the rules find in a tree, in the order of its files. */
export function auditTree(audit: Audit): readonly Diagnostic[] {
  const known = judged.get(audit) ?? rules.flatMap((rule) => [...rule(audit)]).toSorted(byFile);
  judged.set(audit, known);
  return known;
}

function byFile(a: Diagnostic, b: Diagnostic): number {
  const key = ({ span, code, say }: Diagnostic) =>
    [span?.file ?? "", String(span?.line ?? 0).padStart(8, "0"), code, say].join("\n");
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
