// SPDX-License-Identifier: GPL-3.0-or-later
import { Outcome } from "../kernel/outcome.ts";
import type { Tree } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";
import { daemons } from "./daemons.ts";
import { firewallPorts } from "./firewall-ports.ts";
import { foreignFolders } from "./foreign-folders.ts";
import { guards } from "./guards.ts";
import { links } from "./links.ts";
import { noSecrets } from "./no-secrets.ts";
import { offline } from "./offline.ts";
import { onionServices } from "./onion-services.ts";
import { persistence } from "./persistence.ts";
import { policyFiles } from "./policy-files.ts";
import { read, type Reading } from "./reading.ts";
import { recipes } from "./recipes.ts";
import { references } from "./references.ts";
import { seals } from "./seals.ts";
import { told } from "./told.ts";
import { torrc } from "./torrc.ts";
import { users } from "./users.ts";

/** A check on the finished tree, made from the text alone: what it finds is the compiler's own mistake, never a topology's. */
type Check = (reading: Reading, model: Model) => Iterable<string>;

const checks: readonly Check[] = [
  references,
  guards,
  policyFiles,
  links,
  offline,
  torrc,
  onionServices,
  firewallPorts,
  persistence,
  foreignFolders,
  told,
  recipes,
  users,
  daemons,
  noSecrets,
  seals,
];

/** The compiler contradicts itself; nothing may be written. */
export class InternalError extends Error {
  override name = "InternalError";
}

/** Tree → Tree: reads everything back with other eyes. Throws InternalError when the tree is not what it should be. */
export function verify(compiled: { model: Model; tree: Tree }): Outcome<{ model: Model; tree: Tree }> {
  const problems = inspect(compiled.tree, compiled.model);
  if (problems.length > 0) {
    const more = problems.length > 20 ? `\n  and ${problems.length - 20} more` : "";
    throw new InternalError(`the tree that was made is wrong:\n  ${problems.slice(0, 20).join("\n  ")}${more}`);
  }
  return new Outcome(compiled);
}

/** Everything that is wrong with a tree. */
export function inspect(tree: Tree, model: Model): string[] {
  const reading = read(tree);
  const ofRoles = new Set(model.qubes.flatMap((qube) => qube.role.checks ?? []));
  return [
    ...reading.problems,
    ...checks.flatMap((check) => [...check(reading, model)]),
    ...[...ofRoles].flatMap((check) => [...check(tree, model)]),
  ];
}
