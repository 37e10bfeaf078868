// SPDX-License-Identifier: GPL-3.0-or-later
import { decide } from "../policy/language/evaluate.ts";
import { asToken, matches } from "../policy/language/system.ts";
import type { Token } from "../policy/language/token.ts";
import { mayPass, type Passing } from "./accepted.ts";
import type { Audit } from "./finding.ts";

/**
 * The calls of a qube that dom0 would let pass, or ask about, beyond its links and what passes on every machine and is meant to. Whatever passes is
 * decided by an allow or an ask, so those lines alone are looked at, each with every target that it can mean.
 */
export function passingFrom(source: string, { facts, machine, reach }: Audit): Passing[] {
  const { policy, system } = machine;
  const links = new Set(
    reach.doors
      .filter(({ client }) => client === source)
      .map(({ target, service, argument }) => `${target} ${service}${argument}`),
  );
  const targets = ["@default", "@dispvm", "dom0", ...[...system.keys()].filter((name) => name !== source)];
  const tokens = new Map(targets.map((target) => [target, tokenOf(target)]));
  const services = [...new Set(policy.rules.flatMap(({ service }) => service ?? []))];
  // Of a large system nearly all lines are about other callers.
  const own = policy.rules.filter((rule) => matches(rule.source, asToken(source), source, system));
  const found = new Map<string, Passing>();
  for (const rule of own) {
    if (rule.action.kind === "deny") continue;
    for (const service of rule.service === undefined ? services : [rule.service]) {
      const lines = own.filter((one) => one.service === undefined || one.service === service);
      for (const argument of rule.argument === undefined ? ["+", "+other", "+22"] : [rule.argument])
        for (const [target, token] of tokens) {
          if (links.has(`${target} ${service}${argument}`) || found.has(`${service} ${target}`)) continue;
          const first = lines.find(
            (one) =>
              (one.argument === undefined || one.argument === argument) && matches(one.target, token, source, system),
          );
          if (first !== rule) continue;
          // Whom a question offers is much to find out, and does not matter for one that is meant.
          const asked = { service, argument, source, target, decision: { kind: "ask", rule, targets: [] } } as const;
          if (rule.action.kind === "ask" && mayPass(asked, { facts, machine })) continue;
          const decision = decide(policy, { service, argument, source, target }, system);
          if (decision.kind === "deny") continue;
          const one = { service, argument, source, target, decision };
          if (!mayPass(one, { facts, machine })) found.set(`${service} ${target}`, one);
        }
    }
  }
  return [...found.values()];
}

function tokenOf(target: string): Token {
  if (target === "@default") return { kind: "default" };
  return target === "@dispvm" ? { kind: "dispvm" } : asToken(target);
}
