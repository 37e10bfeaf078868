// SPDX-License-Identifier: GPL-3.0-or-later
import { deadRules, type Dead } from "../../policy/language/dead.ts";
import type { Rule } from "../../policy/language/rule.ts";
import type { Landed } from "../../audit/facts.ts";
import { answeredBy, type Asked } from "./answered.ts";
import type { Dossier } from "./dossier.ts";
import { count, html, type Content, type Html } from "./html.ts";
import { inWords } from "./plain-words.ts";
import { commentAbove } from "./reasons.ts";
import { isOwnFile } from "./where.ts";

/** Each line of the tree's policy files: what it does, which calls it decides, and whether any ever comes to it. */
export function policy(dossier: Dossier): Html {
  const { facts, machine } = dossier.audit;
  const { policy: all, system } = machine;
  const judged = {
    answered: answeredBy(dossier.audit),
    dead: new Map(deadRules(all, system).map((one) => [one.rule, one])),
  };
  const files = [...facts.policies].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const broken = all.problems.length + all.opaque.length;
  return html`<p>
      The first line that fits a call decides it. Files are read in the order of their names, those of a machine among
      them. Counted are the calls between all qubes that were judged, as callers can name them: a qube, nobody
      (<code>@default</code>), a disposable, dom0.
    </p>
    ${broken > 0 ? html`<p class="stamp bad">${count(broken, "line")} of this policy cannot be read: dom0 refuses every call while that is so, or nobody knows what it would do.</p>` : undefined}
    ${files.length === 0 ? html`<p>The tree has no policy file: the machine's own decide everything.</p>` : undefined}
    ${files.map(([path, landed]) => file(path, landed, judged, dossier))}`;
}

interface Judged {
  readonly answered: ReadonlyMap<Rule, readonly Asked[]>;
  readonly dead: ReadonlyMap<Rule, Dead>;
}

/** The name of a line's mark. */
type Mark = (line: number) => string | undefined;

function file(path: string, landed: Landed, judged: Judged, { audit, anchors }: Dossier): Html {
  const { text = "" } = landed;
  const rules = audit.machine.policy.rules.filter((one) => one.file === path);
  const allowing = rules.filter(({ action }) => action.kind !== "deny").length;
  const first = [...audit.facts.policies.values()].find(({ origin }) => origin === landed.origin);
  const mark: Mark = (line) => (isOwnFile(landed) && first === landed ? anchors.at(landed.origin, line) : undefined);
  return html`<h3>${path}</h3>
    <p>${count(rules.length, "line")}, ${count(allowing, "of them allows or asks", "of them allow or ask")}.</p>
    ${landed.text === undefined ? html`<p>Its text is not in the tree.</p>` : undefined}
    ${others(path, text, mark, audit.machine.policy, rules)}
    ${groups(rules, text).map((group) => block(group, judged, mark))}`;
}

/** Lines that are no rules: those that qrexec refuses, and those to which something leads. */
function others(
  path: string,
  text: string,
  mark: Mark,
  { problems, opaque }: Dossier["audit"]["machine"]["policy"],
  rules: readonly Rule[],
): Html | undefined {
  const said = new Map([...problems, ...opaque].filter((one) => one.file === path).map((one) => [one.line, one.say]));
  const known = new Set(rules.map(({ line }) => line));
  const shown = text.split("\n").flatMap((words, at) => {
    const [line, name] = [at + 1, mark(at + 1)];
    return known.has(line) || (name === undefined && !said.has(line)) ? [] : [{ line, name, words }];
  });
  return shown.length === 0
    ? undefined
    : html`<ol class="rules">
        ${shown.map(
          ({ line, name, words }) =>
            html`<li value="${line}"><code class="rule" ${idOf(name)}>${words}</code> <b>${said.get(line)}</b></li>`,
        )}
      </ol>`;
}

function idOf(name: string | undefined): Html | undefined {
  return name === undefined ? undefined : html`id="${name}"`;
}

interface Group {
  readonly comment: readonly string[];
  readonly rules: readonly Rule[];
}

/** Lines that stand below one comment. */
function groups(rules: readonly Rule[], text: string): Group[] {
  const found: { comment: readonly string[]; rules: Rule[] }[] = [];
  let before = -1;
  for (const rule of rules) {
    const comment = rule.line === before + 1 ? [] : commentAbove(text, rule.line);
    before = rule.line;
    const last = found.at(-1);
    if (comment.length > 0 || !last) found.push({ comment, rules: [rule] });
    else last.rules.push(rule);
  }
  return found;
}

const MANY = 12;

function block({ comment, rules }: Group, judged: Judged, mark: Mark): Html {
  const isSource = (one: string) => one.startsWith("Source: ");
  const body = html`<ol class="rules">
    ${rules.map((rule) => html`<li value="${rule.line}">${line(rule, judged, mark)}</li>`)}
  </ol>`;
  const about = html`<p>
    ${comment.filter((one) => !isSource(one)).join(" ")}
    <span class="quiet">${comment.filter(isSource).join(" ")}</span>
  </p>`;
  return rules.length <= MANY
    ? html`${about}${body}`
    : html`${about}
        <details>
          <summary>${count(rules.length, "line")} of this kind</summary>
          ${body}
        </details>`;
}

function line(rule: Rule, { answered, dead }: Judged, mark: Mark): Content {
  return html`<code class="rule ${rule.action.kind}" ${idOf(mark(rule.line))}
      >${rule.text.trim().replaceAll(/\s+/g, " ")}</code
    >
    <span
      >${inWords(rule)} <span class="quiet">${decides(answered.get(rule) ?? [])} ${never(dead.get(rule))}</span></span
    >`;
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
