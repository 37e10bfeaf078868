// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import { firstLine, linesFor } from "./lines.ts";
import type { Policy } from "./load.ts";
import type { Action, Rule } from "./rule.ts";
import { asToken, find, matches, nameOf, plain, runs, type System } from "./system.ts";
import { parseToken, written, type Token } from "./token.ts";

/** A call: `target` is the caller's word, empty for none. */
export interface Call {
  readonly service: string;
  /** With its `+`. */
  readonly argument: string;
  readonly source: string;
  readonly target: string;
}

/** What dom0 answers. For a question: whom it offers (`@dispvm` where the line itself says so), and who is chosen beforehand. */
export type Decision =
  | { readonly kind: "allow"; readonly rule: Rule; readonly target: string; readonly autostart: boolean }
  | { readonly kind: "ask"; readonly rule: Rule; readonly targets: readonly string[]; readonly chosen?: string }
  | { readonly kind: "deny"; readonly rule?: Rule; readonly why: string };

type Permission = Exclude<Action, { kind: "deny" }>;

/** Decides one call: the first line that fits counts (qrexec/policy/parser.py, AbstractPolicy.evaluate). */
export function decide(policy: Policy, call: Call, system: System): Decision {
  if (policy.problems.length > 0) return { kind: "deny", why: "the policy does not load: every call is refused" };
  const target = intended(call.target, system);
  if (typeof target === "string") return { kind: "deny", why: target };
  const caller = asToken(call.source);
  const rule = firstLine(
    linesFor(policy, call.service),
    {
      argument: call.argument,
      source: nameOf(call.source, system),
      target: target.kind === "qube" ? nameOf(target.name, system) : "",
      fits: (line) =>
        (line.argument === undefined || line.argument === call.argument) &&
        matches(line.source, caller, call.source, system) &&
        (fails(line, target, call, system) || matches(line.target, target, call.source, system)),
    },
    system,
  );
  if (!rule) return { kind: "deny", why: "no line fits" };
  if (fails(rule, target, call, system))
    return { kind: "deny", rule, why: "qrexec fails over this line, for the caller has no default disposable" };
  const { action } = rule;
  if (action.kind === "deny") return { kind: "deny", rule, why: "denied" };
  return action.kind === "allow"
    ? allowed(rule, action, target, call, system)
    : asked(rule, action, call, policy, system);
}

/** Qrexec compares the template of a disposable that does not exist, and ends in an error (parser.py, match_strings). */
function fails({ target: { kind } }: Rule, wanted: Token, { source }: Call, system: System): boolean {
  return kind === "dispvm-of" && wanted.kind === "dispvm" && find(source, system)?.defaultDispvm === undefined;
}

/** Whether a line for the call's service is about a call, whatever its target. */
function fits(rule: Rule, { argument, source }: Call, system: System): boolean {
  return (
    (rule.argument === undefined || rule.argument === argument) && matches(rule.source, asToken(source), source, system)
  );
}

/** What a caller's or a line's target comes to: a qube that does not exist is @default; a text says why it is refused. */
function intended(text: string, system: System): Token | string {
  const token = parseToken(text === "" ? "@default" : text, "intended");
  if (typeof token === "string") return token;
  if (token.kind === "dispvm-of" && find(token.name, system)?.templateForDispvms !== true)
    return `${token.name} is no template for disposables`;
  return token.kind === "qube" && !find(token.name, system) ? { kind: "default" } : token;
}

function allowed(rule: Rule, action: Permission, wanted: Token, { source }: Call, system: System): Decision {
  const deny = (why: string): Decision => ({ kind: "deny", rule, why });
  const token = action.target ? verified(action.target, system) : wanted;
  if (typeof token === "string") return deny(token);
  if (token.kind === "default") return deny("allowed, but neither caller nor policy names a qube that exists");
  const target = plain(token, source, system);
  if (target === undefined) return deny("allowed, but the caller has no default disposable");
  if (!action.autostart && !runs(target, system)) return deny(`${target} would have to be started`);
  if (target === source) return deny("a qube cannot call itself");
  return { kind: "allow", rule, target, autostart: action.autostart };
}

function verified(token: Token, system: System): Token | string {
  if (token.kind === "dispvm-of" && find(token.name, system)?.templateForDispvms !== true)
    return `${token.name} is no template for disposables`;
  return token.kind === "qube" && !find(token.name, system) ? { kind: "default" } : token;
}

/**
 * The question of an ask line: whom it offers (collect_targets_for_ask), bottom line first, each deny taking away what it names. Undefined where
 * qrexec itself fails over a line, and so refuses.
 */
function asked(rule: Rule, action: Permission, call: Call, policy: Policy, system: System): Decision {
  const { target } = action;
  const offered = target ? [target.kind === "adminvm" ? "dom0" : written(target)] : offers(call, policy, system);
  if (!offered) return { kind: "deny", rule, why: "a line names a disposable's template that does not exist" };
  const targets = action.autostart ? offered : offered.filter((name) => runs(name, system));
  if (targets.length === 0) return { kind: "deny", rule, why: "it would ask, but there is no qube to choose" };
  const chosen = action.defaultTarget && plain(action.defaultTarget, call.source, system);
  return { kind: "ask", rule, targets, ...(chosen !== undefined && targets.includes(chosen) && { chosen }) };
}

const kept = new WeakMap<Policy, WeakMap<System, Map<string, readonly string[] | undefined>>>();

/** The choices of a question hang on service, argument and caller alone: each is worked out once. */
function offers(call: Call, policy: Policy, system: System): readonly string[] | undefined {
  const ofPolicy = kept.get(policy) ?? new WeakMap<System, Map<string, readonly string[] | undefined>>();
  kept.set(policy, ofPolicy);
  const known = ofPolicy.get(system) ?? new Map<string, readonly string[] | undefined>();
  ofPolicy.set(system, known);
  const key = `${call.service} ${call.argument} ${call.source}`;
  if (!known.has(key)) known.set(key, choices(call, policy, system));
  return known.get(key);
}

function choices(call: Call, policy: Policy, system: System): string[] | undefined {
  const found = new Set<string>();
  for (const rule of linesFor(policy, call.service).all.toReversed()) {
    if (!fits(rule, call, system)) continue;
    const { action } = rule;
    const names = expanded(action.kind !== "deny" && action.target ? action.target : rule.target, call.source, system);
    if (!names) return undefined;
    for (const name of names)
      if (action.kind === "deny") found.delete(name);
      else found.add(name);
  }
  // The caller's own disposable is a choice of its own until here: a deny of its template does not take it away. And dom0 is one by each of its names.
  if (found.delete(OWN_DISPOSABLE))
    for (const name of one(plain({ kind: "dispvm" }, call.source, system))) found.add(name);
  if (found.delete(DOM0)) found.add("dom0");
  found.delete(call.source);
  for (const name of found) if (system.get(name.replace(/^@dispvm:/, ""))?.internal) found.delete(name);
  return [...found].toSorted(inCOrder);
}

const OWN_DISPOSABLE = "@dispvm";
const DOM0 = "@adminvm";

function one(name: string | undefined): string[] {
  return name === undefined ? [] : [name];
}

/** All that a token may mean, as dom0 would offer it. */
function expanded(token: Token, source: string, system: System): string[] | undefined {
  const every = [...new Set([...system.keys(), "dom0"])];
  const bases = every.filter((name) => system.get(name)?.templateForDispvms === true);
  switch (token.kind) {
    case "everything":
    case "anyvm":
      return [
        ...every.filter((name) => token.kind === "everything" || name !== "dom0"),
        ...bases.map((name) => `@dispvm:${name}`),
        OWN_DISPOSABLE,
      ];
    case "dispvm":
      return [OWN_DISPOSABLE];
    case "adminvm":
      return [token.named ? "dom0" : DOM0];
    case "type":
    case "tag":
      return every.filter((name) => matches(token, asToken(name), source, system));
    case "dispvm-tag":
      return bases.filter((name) => system.get(name)?.tags.includes(token.name)).map((name) => `@dispvm:${name}`);
    case "dispvm-of":
      if (!find(token.name, system)) return undefined;
      return bases.includes(token.name) ? [`@dispvm:${token.name}`] : [];
    case "qube":
      return find(token.name, system) ? [nameOf(token.name, system)] : [];
    default:
      return one(plain(token, source, system));
  }
}
