// SPDX-License-Identifier: GPL-3.0-or-later
import { html, listed, type Content } from "../html.ts";
import { packagesOf, pinsOf } from "../pins.ts";
import type { Answering } from "./answer.ts";

/** Which programs run, and what stands between a false one and a qube. */
export const checked: Answering = (dossier) => {
  const pins = pinsOf(dossier);
  const packages = [...new Set(packagesOf(dossier.audit.facts).flatMap((one) => one.packages))];
  const named = (kind: "digest" | "signers" | "nothing") =>
    pins.filter(({ files }) => files.some((one) => one.by === kind)).map(({ program }) => program);
  const ended = pins.filter(({ status }) => status === "archived" || status === "end-of-life");
  const parts: Content[] = [
    ...part("By a digest that stands in the tree", named("digest")),
    ...part("by its makers' signatures", named("signers")),
    ...part("by nothing that stands here", named("nothing")),
    ...part("by Debian, of which packages are installed", packages),
  ];
  return {
    question: "Which software runs, and who checks it?",
    short: [
      parts.length === 0 ? "None that the tree names." : html`${parts.map((one, at) => [at === 0 ? "" : "; ", one])}.`,
      ended.length > 0
        ? html` Given up by its makers, or without corrections: ${listed(ended.map(({ program }) => program))}.`
        : undefined,
    ],
    more: html`<p>
      Each program, file and signer stands under <a href="#software">Software</a>. A digest proves that a file is the
      one that was meant when the digest was written; a signature, that a key was used. Neither says that the program is
      a good one. Whonix' templates and Debian's packages are checked by dom0's and apt's own keys.
    </p>`,
  };
};

function part(how: string, programs: readonly string[]): Content[] {
  return programs.length === 0 ? [] : [html`${how}: ${listed(programs)}`];
}
