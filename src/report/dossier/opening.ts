// SPDX-License-Identifier: GPL-3.0-or-later
import { unseenIn } from "../../audit/unseen.ts";
import { SUMS, sha256 } from "../../render/manifest.ts";
import { version } from "../../version.ts";
import { qube, type Dossier } from "./dossier.ts";
import { count, html, listed, type Html } from "./html.ts";

/** What this page is about, and what it can and cannot show. */
export function opening(dossier: Dossier): Html {
  const { kind, audit, claims, ownPolicies } = dossier;
  const { facts, machine } = audit;
  const unseen = unseenIn(audit);
  const sums = facts.tree.get(SUMS);
  const made = claims
    ? html`Qubes OS R${claims.platform.qubes}, Whonix ${claims.platform.whonix}; compiled by qwbtc-salt
      ${claims.compiler}, as its MANIFEST.json says`
    : html`not known: its MANIFEST.json is not there, or not of the form that qwbtc-salt writes`;
  const policies = ownPolicies
    ? "the policy files of a machine that were given (--policy-dir), with those of the tree among them"
    : `the stock policy of Qubes and Whonix, as qwbtc-salt restates it, with the files of the tree among it; beside the qubes of the tree stand ${machine.strangers.join(", ")} for all others`;
  return html`<p class="lead">
      A Qubes Salt formula tree for Bitcoin: what it would make of a machine, who would reach whom there, and what is
      wrong with it. Made for somebody who knows Qubes and is asked whether this is sane.
      <a href="#verdict">Start with the verdict</a>, or with <a href="#questions">ten questions</a>.
    </p>
    <dl class="facts">
      <dt>What was looked at</dt>
      <dd>
        ${LOOKED[kind]},
        ${count(facts.tree.size, "file")}${facts.formula === undefined ? undefined : html`; formula <b>${facts.formula}</b>`}
      </dd>
      <dt>Digest of SHA256SUMS</dt>
      <dd>${sums ? html`<code class="digest">${sha256(sums.text)}</code>` : "none: the tree has no SHA256SUMS"}</dd>
      <dt>Platform</dt>
      <dd>${made}</dd>
      <dt>Judged by</dt>
      <dd>qwbtc-salt ${version}, on ${policies}</dd>
      <dt>What it makes</dt>
      <dd>
        ${count(machine.ours.length, "qube")} and
        ${count([...facts.qubes.values()].length - machine.ours.length, "template clone")}
      </dd>
    </dl>
    <div class="two">
      <section aria-labelledby="shows">
        <h3 id="shows">What this page shows</h3>
        <ul>
          <li>
            Who reaches whom: each port that a client's unit opens was asked of the qrexec policy as dom0 reads it, and
            every other service of the policy for every pair.
          </li>
          <li>What the states set, file by file, with the reasons as they stand in the tree.</li>
          <li>What a set of rules found in it, and what they looked for.</li>
        </ul>
      </section>
      <section aria-labelledby="shows-not">
        <h3 id="shows-not">What it does not show</h3>
        <ul>
          <li>
            That the tree which you apply is this one: compare the digest above with that of your own SHA256SUMS, by
            another way than this page came.
          </li>
          <li>
            That a machine is as the tree says. Nothing here was run, and a policy file of your own in dom0 may decide
            first.
          </li>
          <li>
            That programs do what they should. Scripts of the tree are held against those of this version of qwbtc-salt,
            byte for byte, and nobody has read others; what the big programs do inside of their qubes no policy says.
          </li>
          ${unseen.length > 0 ? html`<li>Files of the user's own, which the states make once and never look at again: ${listed(unseen.map(({ qube: name, path }) => html`<code>${path}</code> in ${qube(name, dossier)}`))}.</li>` : undefined}
          <li>That reasons are good ones. Roles, reasons and steps are the words of whoever made the tree.</li>
          <li>
            What a qube that was taken over does with what it may reach; dom0, Xen and your hardware are believed.
          </li>
        </ul>
      </section>
    </div>`;
}

const LOOKED: Readonly<Record<Dossier["kind"], string>> = {
  topology: "the tree of a topology, compiled for this page",
  tree: "a finished tree",
  bundle: "a bundle, the tree as one tar",
};
