// SPDX-License-Identifier: GPL-3.0-or-later
import type { Outcome } from "./kernel/outcome.ts";
import { Outcome as Started } from "./kernel/outcome.ts";
import type { Tree } from "./kernel/tree.ts";
import { link } from "./model/link.ts";
import type { Model } from "./model/model.ts";
import type { Role } from "./model/role.ts";
import type { SourceFile } from "./parse/document.ts";
import { parse } from "./parse/yaml.ts";
import { render } from "./render/render.ts";
import { roles as allRoles } from "./roles/index.ts";
import { audit } from "./rules/index.ts";
import { validate } from "./topology/validate.ts";
import { verify } from "./verify/verify.ts";

/** A model and the tree that was made from it. */
export interface Compiled {
  readonly model: Model;
  readonly tree: Tree;
}

/** What a topology means and what is wrong with it: everything short of the output. */
export function analyse(source: SourceFile, roles: readonly Role[] = allRoles): Outcome<Model> {
  return new Started(source)
    .pipe(parse) //                                    SourceFile → Document   text, with a place for every value
    .pipe((document) => validate(document, roles)) //  Document   → Topology   shape and types, all mistakes at once
    .pipe((topology) => link(topology, roles)) //      Topology   → Model      names become references, defaults land
    .pipe(audit); //                                   Model      → Model      the rules look, and change nothing
}

/** The tree that a topology would become, not yet read back: for who looks at it and writes nothing. Throws only when the compiler itself is at fault. */
export function rendered(source: SourceFile, roles: readonly Role[] = allRoles): Outcome<Compiled> {
  return analyse(source, roles).ifSound().pipe(render); // Model      → Tree       path → text, still in memory
}

/** The compiler, from a topology's text to the tree in memory. Throws only when the compiler itself is at fault. */
export function compile(source: SourceFile, roles: readonly Role[] = allRoles): Outcome<Compiled> {
  return rendered(source, roles).pipe(verify); //        Tree       → Tree       read back with other eyes
}
