// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Defects of the kind that hand-written formulas of this sort have, each as a small tree of its own: no manifest, a top file, states in plain YAML,
 * policies of several formulas. What the audit sees, and what no look at policy and tree can see:
 *
 *  1 an ID twice            QB701 within a file, QB704 in two
 *  2 a deny before allows   QB711, and QB720 at the link that it shuts
 *  3 a misspelt tag         QB712
 *  4 a script that fails    QB756: it is said to be unread. That it makes a folder where it then writes a file is seen by nobody but a reader
 *  5 no listener            QB784; the top file that says '*' QB702
 *  6 a wrong name           QB705 in instructions, QB703 in a top file
 *  7 GOODSIG is counted     QB757
 *  8 a template that others fill  QB725; a wallet that shares it with what has a network QB737; unpinned downloads QB754
 *  9 Whonix' tags are taken QB748
 * 10 a link that needs another's unit  QB765. The race of states in two qubes cannot be seen: a tree does not say who is applied first, qubesctl does;
 *    and which unit must be ready before another starts stands nowhere, so Type=simple is no mistake that can be told
 * 11 a default net qube     QB732 as a word, QB731 where nothing is said; a question at rendering QB701
 * 12 backups of a terabyte  QB787
 * 13 states that there are not  QB701 from a top file, QB705 in instructions. Broken shell in a text for people cannot be seen: it is prose here
 * 14 a command in Jinja     QB701
 * 15 a server's units in its clients' template  QB762, and its qrexec service QB758
 * 16 a node without wallets for JoinMarket  QB783
 * 17 old platforms          QB797
 */
import { describe, expect, it } from "vitest";
import { auditTree, study } from "../../src/audit/audit.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { DEFECTS } from "./peer-defects.ts";
import type { Defect } from "./peer-parts.ts";

const found = (tree: Tree, { code, says }: Defect) =>
  auditTree(study(tree)).filter((one) => one.code === code && says.test(one.say));

describe.each(DEFECTS)("$what", (defect) => {
  it("is found, at its place", () => {
    const [first] = found(defect.tree, defect);
    expect(
      first,
      auditTree(study(defect.tree))
        .map(({ code, say }) => `${code} ${say}`)
        .join("\n"),
    ).toBeDefined();
    expect(first?.span?.file).toMatch(/^srv\/salt\/mine\//);
  });

  it("is not found where it is not", () => {
    expect(found(defect.twin, defect)).toEqual([]);
  });
});
