// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";
import { oddRules } from "../held.ts";

const oddRule = message("QB842", {
  severity: "error",
  title: "A rule of dom0's firewall that is not known",
  say: (name: string, rule: string) => `the firewall of ${name} has a rule that the audit does not know: ${rule}`,
  why: "The first rule that fits counts. One that accepts more than one port of one host lets the qube out to others, whatever stands behind it.",
  fix: "action=accept proto=tcp dst4=ADDRESS/32 dstports=PORT-PORT, and action=drop at the end; nothing else.",
  source: "Qubes documentation, firewall",
});

/** dom0's firewall for the qubes of a tree lets through single ports of single hosts, and is set in one place for each. */
export function* firewallRules({ facts }: Audit): Iterable<Diagnostic> {
  const set = new Set<string>();
  for (const call of facts.states.calls) {
    if (call.machine !== "dom0") continue;
    const list = call.fun === "qvm.vm" ? call.args.get("firewall") : call.fun === "qvm.firewall" ? null : undefined;
    if (list === undefined) continue;
    const place = placeIn(facts.tree, call);
    const rules = rulesOf(list);
    for (const rule of rules ? oddRules(rules) : ["it is not set as one whole list"])
      yield oddRule.at(place, call.name, rule);
    if (set.has(call.name)) yield oddRule.at(place, call.name, "another state sets it as well");
    set.add(call.name);
  }
}

/** The rules of `firewall: [set: [...]]`, the whole list at once; undefined of any other form (qubes-mgmt-salt-dom0-qvm ext_state_qvm.py). */
function rulesOf(list: unknown): readonly string[] | undefined {
  const only: unknown = Array.isArray(list) && list.length === 1 ? list[0] : undefined;
  if (typeof only !== "object" || only === null || Object.keys(only).join(",") !== "set") return undefined;
  const rules: unknown = (only as Record<string, unknown>)["set"];
  return Array.isArray(rules) && rules.every((one) => typeof one === "string") ? rules : undefined;
}
