// SPDX-License-Identifier: GPL-3.0-or-later
import guard from "../../salt-templates/dom0/guard.sls.hbs";
import init from "../../salt-templates/dom0/init.sls.hbs";
import top from "../../salt-templates/dom0/init.top.hbs";
import powerOffFile from "../../salt-templates/dom0/power-off.conf.hbs";
import powerOff from "../../salt-templates/dom0/power-off.sls.hbs";
import policy from "../../salt-templates/dom0/policy.sls.hbs";
import policyFile from "../../salt-templates/dom0/policy.hbs";
import qubes from "../../salt-templates/dom0/qubes.sls.hbs";
import start from "../../salt-templates/dom0/start.sls.hbs";
import templates from "../../salt-templates/dom0/templates.sls.hbs";
import minion from "../../salt-templates/minion.conf.hbs";
import type { TreeFile } from "../kernel/tree.ts";
import type { Model, Qube } from "../model/model.ts";
import type { CompiledTemplate } from "../model/parts.ts";
import { earlyPolicy, linkPolicy } from "../policy/emit.ts";
import { templatePattern, templateRepository } from "../model/platform.ts";
import { POWER_OFF } from "../model/stopping.ts";
import { markerPath, paths, policyNames, powerOffPath, stockNote } from "./paths.ts";
import { qubeView } from "./qube-view.ts";
import { fill } from "./templates.ts";

/** Everything that dom0's own Salt reads or writes. */
export function renderDom0(model: Model): [string, TreeFile][] {
  const { formula } = model;
  const at = paths(formula);
  const names = policyNames(formula);
  const clones = model.templates.filter((template) => template.clone);
  const stock = [...new Set(model.templates.map((template) => template.stock))].toSorted();
  const policies = [
    policyView(formula, names.early, "What must be decided before the stock files 50 to 90 are read."),
    policyView(formula, names.links, "The links between the qubes of this formula."),
  ];
  const qubeNames = model.qubes.map(({ name }) => ({ name }));

  return [
    state(at.minion, minion, { formula }),
    state(at.top, top, { formula, clones: clones.map(({ name }) => ({ name })), qubes: qubeNames }),
    state(at.dom0("init"), init, { formula }),
    state(at.dom0("guard"), guard, {
      formula,
      qubes: model.qubes.map((qube) => guardView(qube, formula)),
      clones: clones.map(({ name, stock: source }) => ({
        name,
        stock: source,
        note: stockNote(formula),
        otherStock: otherStock(name, source, model),
        rename: `${name} exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name`,
      })),
      powerOff: powerOffPath(formula),
      policies: policies.map(({ name }) => ({
        name,
        comment: `/etc/qubes/policy.d/${name} exists and was not written by this formula; move it away`,
      })),
    }),
    state(at.dom0("templates"), templates, {
      formula,
      stock: stock.map((name) => ({ name, ...templateRepository(name) })),
      clones: clones.map(({ name, stock: source, purpose }) => ({
        name,
        stock: source,
        note: stockNote(formula),
        role: purpose,
        marker: markerPath(formula, name),
      })),
    }),
    state(at.dom0("qubes"), qubes, { formula, qubes: model.qubes.map((qube) => qubeView(qube, model)) }),
    state(at.dom0("policy"), policy, { formula, policies }),
    state(at.dom0("start"), start, {
      formula,
      policies: policies.map(({ name }) => ({ name })),
      gateways: model.qubes.filter(isStartedHere).map((qube) => {
        const behind = qube.behind.map((one) => one.name).toSorted();
        return { name: qube.name, behind, behindList: behind.join(", ") };
      }),
    }),
    state(at.dom0("power-off"), powerOff, {
      formula,
      path: powerOffPath(formula),
      source: at.source("dom0", powerOffPath(formula)),
    }),
    state(at.file("dom0", powerOffPath(formula)), powerOffFile, { formula, seconds: POWER_OFF }),
    policyText(at.file("dom0", `/etc/qubes/policy.d/${names.early}`), formula, policies[0], earlyPolicy(model)),
    policyText(at.file("dom0", `/etc/qubes/policy.d/${names.links}`), formula, policies[1], linkPolicy(model)),
  ];
}

/** Whether the dom0 states start a gateway: it is in use, nothing about it is left to the user, and its template is ready before any run. */
export function isStartedHere(qube: Qube): boolean {
  return (
    qube.role.providesNetwork === true &&
    qube.behind.length > 0 &&
    !qube.template.clone &&
    !qube.role.leftToUser?.(qube)
  );
}

function guardView({ name, template }: Qube, formula: string) {
  return {
    name,
    pattern: templatePattern(template.os),
    adopt: `${name} exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags ${name} add ${formula}`,
    rename: `${name} exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology`,
  };
}

/** What is said of a clone of another stock template; `plan` says the same (formulas/dom0/qwbtc_salt/machine.py). */
function otherStock(clone: string, stock: string, { formula, qubes }: Model): string {
  const users = qubes.flatMap(({ name, template }) => (template.name === clone ? [name] : [])).toSorted();
  const moved = users.map((name) => `qvm-prefs ${name} template ${stock} && `).join("");
  return `${clone} was not cloned from ${stock}, which this tree is for, but from what its feature ${stockNote(formula)} names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that ${stock} is installed and shut down ${users.join(", ")}; then in dom0: ${moved}qvm-remove ${clone}, and apply again. Only if you upgraded ${clone} itself to what ${stock} is: qvm-features ${clone} ${stockNote(formula)} ${stock}`;
}

function policyView(formula: string, name: string, why: string) {
  const path = `/etc/qubes/policy.d/${name}`;
  return { name, why, path, source: paths(formula).source("dom0", path) };
}

function policyText(
  path: string,
  formula: string,
  policy: { why: string } | undefined,
  blocks: object[],
): [string, TreeFile] {
  return state(path, policyFile, { formula, purpose: policy?.why, blocks });
}

function state(path: string, template: CompiledTemplate, view: object): [string, TreeFile] {
  return [path, { text: fill(template, view), mode: "0644" }];
}
