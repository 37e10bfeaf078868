// SPDX-License-Identifier: GPL-3.0-or-later
import { netvmOf, type Passing } from "../../audit/accepted.ts";
import type { Audit } from "../../audit/finding.ts";
import { waysOf, type Way } from "../../audit/ways.ts";
import { knowledgeOf, strangersOf, type Knowledge, type Stranger } from "../../audit/knowledge.ts";
import { roleOf } from "../../audit/role-of.ts";
import { passingFrom } from "../../audit/passing-from.ts";
import { pairsOf, type Pair } from "../../audit/pairs.ts";
import type { Place } from "../../audit/states.ts";
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { anchorsOf, type Anchors } from "./anchors.ts";
import { claimsOf, type Claims } from "./claims.ts";
import { html, type Html } from "./html.ts";
import { layoutOf, shownFiles, type Layout } from "./where.ts";
import { rpcLists } from "./rpc-lists.ts";
import { runbookOf, type Runbook } from "./runbook.ts";

/** What is shown, in the words of the command that shows it. */
export interface Shown {
  readonly kind: "topology" | "tree" | "bundle";
  readonly audit: Audit;
  /** All that was found: by the rules over the tree, and before them by the compiler or the reader of what lay on a disk. */
  readonly found: readonly Diagnostic[];
  /** Whether a machine's own policy files were given in place of the stock ones. */
  readonly ownPolicies: boolean;
}

/** All that the page's sections are made of. */
export interface Dossier extends Shown {
  readonly ways: readonly Way[];
  readonly pairs: readonly Pair[];
  /** The calls of each of our qubes that pass beyond its links and are not meant to pass on every machine. */
  readonly passing: ReadonlyMap<string, readonly Passing[]>;
  /** What MANIFEST.json claims; nothing where it cannot be read. */
  readonly claims: Claims | undefined;
  /** What each of our qubes learns and could do, in their order. */
  readonly knowledge: readonly Knowledge[];
  readonly strangers: readonly Stranger[];
  readonly runbook: Runbook;
  readonly anchors: Anchors;
  readonly layout: Layout;
  /** The qubes that hold keys to coins, by what the tree claims of them. */
  readonly keepers: readonly string[];
}

/** Gathers it. */
export function gather(shown: Shown): Dossier {
  const { audit, found } = shown;
  const { facts } = audit;
  const claims = claimsOf(facts.tree);
  const ways = waysOf(audit);
  const pairs = pairsOf(audit);
  const knowledge = knowledgeOf(audit);
  const places = [
    ...facts.states.calls,
    ...ways.map(({ by }) => by),
    ...pairs.flatMap(placesOf),
    ...found.flatMap(({ span }) => (span ? [span] : [])),
    ...rpcLists(facts).map(({ place }) => place),
  ];
  return {
    ...shown,
    ways,
    pairs,
    passing: passingFrom(audit),
    knowledge,
    strangers: strangersOf(audit),
    claims,
    runbook: runbookOf(facts.tree),
    layout: layoutOf(audit),
    anchors: anchorsOf(facts.tree, shownFiles(audit), places),
    keepers: knowledge.filter((one) => keeps(one, claims, audit)).map(({ qube: name }) => name),
  };
}

/**
 * By the manifest's own words, or by those of the role that it claims: a wallet that either names is one. A gateway's keys are those of its onion
 * services, which open no wallet.
 */
function keeps({ qube: name, trustedWith }: Knowledge, claims: Claims | undefined, { facts }: Audit): boolean {
  const says = claims?.qubes[name]?.holds.what === "keys" && roleOf(name, facts)?.providesNetwork !== true;
  return says || trustedWith.some((one) => one.startsWith("Coins:"));
}

/** All that opens or closes a pair. */
function placesOf({ ways, denied, rest }: Pair): Place[] {
  const closing = [denied, rest].flatMap((one) => (one ? [...(one.lines ?? []), ...(one.by ? [one.by] : [])] : []));
  return [...ways.map(({ by }) => by), ...closing];
}

/** A qube's name, as a link to its card where it has one. */
export function qube(name: string, dossier: Dossier): Html {
  const card = dossier.layout.cards.get(name);
  return card === undefined ? html`<b>${name}</b>` : html`<a class="qube" href="#${card}">${name}</a>`;
}

/** The net qube that the states give a qube, in words. */
export function netOf(name: string, { audit }: Dossier): string {
  const netvm = netvmOf(name, audit.facts);
  return netvm === undefined ? "none that a state sets" : (netvm ?? "none");
}
