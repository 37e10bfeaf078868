// SPDX-License-Identifier: GPL-3.0-or-later
import { deadRules, type Dead } from "../../policy/language/dead.ts";
import type { Rule } from "../../policy/language/rule.ts";
import { answeredBy, type Asked } from "./answered.ts";
import type { Dossier } from "./dossier.ts";
import { count, html, type Content, type Html } from "./html.ts";
import { inWords } from "./plain-words.ts";
import { commentAbove } from "./reasons.ts";

/** Each line of the tree's policy files: what it does, which calls it decides, and whether any ever comes to it. */
export function policy(dossier: Dossier): Html {
  const { facts, machine } = dossier.audit;
  const { policy: all, system } = machine;
  const answered = answeredBy(dossier.audit);
  const dead = new Map(deadRules(all, system).map((one) => [one.rule, one]));
  const files = [...facts.policies].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const broken = all.problems.length + all.opaque.length;
  return html`<p>
      The first line that fits a call decides it. Files are read in the order of their names, those of a machine among
      them. Counted are the calls between all qubes that were judged, as callers can name them: a qube, nobody
      (<code>@default</code>), a disposable, dom0.
    </p>
    ${broken > 0 ? html`<p class="stamp bad">${count(broken, "line")} of this policy cannot be read: dom0 refuses every call while that is so, or nobody knows what it would do.</p>` : undefined}
    ${files.length === 0 ? html`<p>The tree has no policy file: the machine's own decide everything.</p>` : undefined}
    ${files.map(([path, { text, origin }]) => {
      const rules = all.rules.filter(({ file }) => file === path);
      return html`<h3>${path}</h3>
        <p>
          ${count(rules.length, "line")},
          ${count(rules.filter(({ action }) => action.kind !== "deny").length, "of them allows or asks", "of them allow or ask")}.
        </p>
        ${text === undefined ? html`<p>Its text is not in the tree.</p>` : groups(rules, origin, dossier).map((group) => block(group, origin, { answered, dead }, dossier))}`;
    })}`;
}

interface Group {
  readonly comment: readonly string[];
  readonly rules: readonly Rule[];
}

/** Lines that stand below one comment. */
function groups(rules: readonly Rule[], origin: string, { audit }: Dossier): Group[] {
  const found: { comment: readonly string[]; rules: Rule[] }[] = [];
  let before = -1;
  for (const rule of rules) {
    const comment = rule.line === before + 1 ? [] : commentAbove(audit.facts.tree, { file: origin, line: rule.line });
    before = rule.line;
    const last = found.at(-1);
    if (comment.length > 0 || !last) found.push({ comment, rules: [rule] });
    else last.rules.push(rule);
  }
  return found;
}

interface Judged {
  readonly answered: ReadonlyMap<Rule, readonly Asked[]>;
  readonly dead: ReadonlyMap<Rule, Dead>;
}

const MANY = 12;

function block({ comment, rules }: Group, origin: string, judged: Judged, dossier: Dossier): Html {
  const body = html`<ol class="rules">
    ${rules.map((rule) => html`<li value="${rule.line}">${line(rule, origin, judged, dossier)}</li>`)}
  </ol>`;
  const about = html`<p>
    ${comment.filter((one) => !one.startsWith("Source: ")).join(" ")}
    <span class="quiet">${comment.filter((one) => one.startsWith("Source: ")).join(" ")}</span>
  </p>`;
  return rules.length <= MANY
    ? html`${about}${body}`
    : html`${about}
        <details>
          <summary>${count(rules.length, "line")} of this kind</summary>
          ${body}
        </details>`;
}

function line(rule: Rule, origin: string, { answered, dead }: Judged, { anchors }: Dossier): Content {
  const calls = answered.get(rule) ?? [];
  return html`<code class="rule ${rule.action.kind}" id="${anchors.at(origin, rule.line)}"
      >${rule.text.trim().replaceAll(/\s+/g, " ")}</code
    >
    <span>${inWords(rule)} <span class="quiet">${decides(calls)} ${never(dead.get(rule))}</span></span>`;
}

function decides(calls: readonly Asked[]): string {
  if (calls.length === 0) return "";
  const some = calls.slice(0, 2).map(({ source, target }) => `${source} to ${target}`);
  return `Decides ${count(calls.length, "pair")}: ${some.join(", ")}${calls.length > 2 ? " …" : ""}`;
}

function never(dead: Dead | undefined): Html | undefined {
  if (!dead) return undefined;
  return dead.by.length === 0
    ? html`<b>Never counts here: no qube is meant.</b>`
    : html`<b
        >Never counts: ${dead.by.map(({ file, line }) => `${file.split("/").at(-1)}:${line}`).join(", ")} decides
        before.</b
      >`;
}
