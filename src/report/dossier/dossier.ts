// SPDX-License-Identifier: GPL-3.0-or-later
import { netvmOf } from "../../audit/accepted.ts";
import type { Audit } from "../../audit/finding.ts";
import { waysOf, type Way } from "../../audit/ways.ts";
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { roles } from "../../roles/index.ts";
import { anchorsOf, type Anchors } from "./anchors.ts";
import { claimsOf, type Claims } from "./claims.ts";
import { html, type Html } from "./html.ts";
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
  /** What MANIFEST.json claims; nothing where it cannot be read. */
  readonly claims: Claims | undefined;
  readonly runbook: Runbook;
  readonly anchors: Anchors;
  /** The qubes that hold keys to coins, by what the tree claims of them. */
  readonly keepers: readonly string[];
}

/** Gathers it. */
export function gather(shown: Shown): Dossier {
  const { audit, found } = shown;
  const { facts, machine } = audit;
  const claims = claimsOf(facts.tree);
  const ways = waysOf(audit);
  const rules = machine.policy.rules.flatMap(({ file, line }) => {
    const landed = facts.policies.get(file);
    return landed ? [{ file: landed.origin, line }] : [];
  });
  const places = [
    ...facts.states.calls,
    ...ways.map(({ by }) => by),
    ...found.flatMap(({ span }) => (span ? [span] : [])),
    ...rules,
  ];
  return {
    ...shown,
    ways,
    claims,
    runbook: runbookOf(facts.tree),
    anchors: anchorsOf(facts.tree, places),
    keepers: machine.ours.map(({ name }) => name).filter((name) => keeps(name, claims)),
  };
}

/** A gateway's keys are those of its onion services: they open no wallet. */
function keeps(name: string, claims: Claims | undefined): boolean {
  const claim = claims?.qubes[name];
  return claim?.holds.what === "keys" && !roles.find((one) => one.name === claim.role)?.providesNetwork;
}

/** The mark of a qube's card. */
export function cardOf(name: string, { audit }: Dossier): string | undefined {
  if (name === "dom0") return "qube-dom0";
  const at = [...audit.facts.qubes.keys()].indexOf(name);
  return at === -1 ? undefined : `qube-${at}`;
}

/** A qube's name, as a link to its card where it has one. */
export function qube(name: string, dossier: Dossier): Html {
  const card = cardOf(name, dossier);
  return card === undefined ? html`<b>${name}</b>` : html`<a class="qube" href="#${card}">${name}</a>`;
}

/** The net qube that the states give a qube, in words. */
export function netOf(name: string, { audit }: Dossier): string {
  const netvm = netvmOf(name, audit.facts);
  return netvm === undefined ? "none that a state sets" : (netvm ?? "none");
}
