// SPDX-License-Identifier: GPL-3.0-or-later
import { parseToken, type Place, type Token } from "./token.ts";

/** Where a line stands: the file as dom0 has it, and the line from 1. */
export interface Line {
  readonly file: string;
  readonly line: number;
}

/** What a line says is done. `autostart` and `notify` have landed on their defaults. */
export type Action =
  | { readonly kind: "deny"; readonly notify: boolean }
  | {
      readonly kind: "allow" | "ask";
      readonly target?: Token;
      readonly defaultTarget?: Token;
      readonly user?: string;
      readonly notify: boolean;
      readonly autostart: boolean;
    };

/** One line of a policy, format R5.0 (qubes-core-qrexec doc/multifile-policy.markdown). */
export interface Rule extends Line {
  /** Absent: every service, and then every argument. */
  readonly service?: string;
  /** With its `+`; absent: every argument. */
  readonly argument?: string;
  readonly source: Token;
  readonly target: Token;
  readonly action: Action;
  readonly text: string;
}

/** A line that qrexec refuses: then it refuses every call on the machine. */
export interface Problem extends Line {
  readonly say: string;
}

const PARAMS = {
  allow: ["target", "user", "notify", "autostart"],
  ask: ["target", "default_target", "user", "notify", "autostart"],
  deny: ["notify"],
} as const;

/** Thrown inside of this file alone. */
class Refused extends Error {}

/** Reads one line that is neither comment nor directive; a text says why qrexec refuses it. */
export function parseRule(text: string, at: Line): Rule | string {
  const [service = "", argument = "", source = "", target = "", action, ...params] = words(text);
  if (action === undefined) return "a line needs service, argument, source, target and action";
  return checked(() => ruleOf(text, at, [service, argument, source, target, action], params));
}

/**
 * Reads a line of a file named by `!include-service`, whose lines have neither service nor argument, `$` for `@`, and commas between parameters
 * (qrexec/policy/parser.py, load_policy_file_service).
 */
export function parseOldRule(text: string, service: string, argument: string, at: Line): Rule | string {
  const [source = "", target, action, ...params] = words(text.replaceAll("$", "@").replaceAll(",", " "));
  if (target === undefined || action === undefined) return "a line needs source, target and action";
  return checked(() => ruleOf(text, at, [service, argument, source, target, action], params));
}

/** Fields are parted by whatever Python calls white space. */
export function words(text: string): string[] {
  // oxlint-disable-next-line no-control-regex -- Python's str.split parts at these, too
  return text.split(/[\s\u001c-\u001f\u0085]+/u).filter((one) => one !== "");
}

function checked(read: () => Rule): Rule | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

type Fields = readonly [service: string, argument: string, source: string, target: string, action: string];

function ruleOf(text: string, at: Line, [service, argument, source, target, action]: Fields, params: string[]): Rule {
  const { service: of, argument: with_ } = serviceAndArgument(service, argument);
  const rule = {
    ...at,
    ...(of !== undefined && { service: of }),
    ...(with_ !== undefined && { argument: with_ }),
    source: token(source, "source"),
    target: token(target, "target"),
    action: actionOf(action, params),
    text,
  };
  if (rule.target.kind === "default" && rule.action.kind === "allow" && rule.action.target === undefined)
    throw new Refused("an allow for @default must say target=");
  return rule;
}

/** Checks a service and an argument as they stand in a line or an `!include-service`; throws for what qrexec refuses. */
function serviceAndArgument(service: string, argument: string): { service?: string; argument?: string } {
  if (service !== "*" && !/^[A-Za-z0-9._-]+$/.test(service)) throw new Refused(`${service} cannot be a service`);
  if (argument !== "*") {
    if (!/^[A-Za-z0-9+._-]*$/.test(argument)) throw new Refused(`${argument} has characters that no argument has`);
    if (!argument.startsWith("+")) throw new Refused(`the argument ${argument} does not begin with +`);
    if (service === "*") throw new Refused("a line for every service can only be for every argument");
  }
  return { ...(service !== "*" && { service }), ...(argument !== "*" && { argument }) };
}

/** Whether `!include-service SERVICE ARGUMENT` may stand; a text says why not. */
export function serviceProblem(service: string, argument: string): string | undefined {
  try {
    serviceAndArgument(service, argument);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function token(text: string, place: Place): Token {
  const read = parseToken(text, place);
  if (typeof read === "string") throw new Refused(read);
  return read;
}

function actionOf(kind: string, params: readonly string[]): Action {
  if (kind !== "allow" && kind !== "ask" && kind !== "deny") throw new Refused(`${kind} is no action`);
  const given = new Map<string, string>();
  for (const param of params) {
    const equals = param.indexOf("=");
    if (equals === -1) throw new Refused(`${param} is not a parameter: it has no =`);
    const key = param.slice(0, equals);
    if (given.has(key)) throw new Refused(`${key} is given twice`);
    if (!(PARAMS[kind] as readonly string[]).includes(key)) throw new Refused(`${kind} has no parameter ${key}`);
    given.set(key, param.slice(equals + 1));
  }
  const flag = (key: string, otherwise: boolean) => {
    const value = given.get(key) ?? (otherwise ? "yes" : "no");
    if (value !== "yes" && value !== "no") throw new Refused(`${key} is yes or no, not ${value}`);
    return value === "yes";
  };
  if (kind === "deny") return { kind, notify: flag("notify", true) };
  const redirect = (key: string) => {
    const value = given.get(key);
    return value === undefined ? undefined : token(value, "redirect");
  };
  const [target, defaultTarget, user] = [redirect("target"), redirect("default_target"), given.get("user")];
  return {
    kind,
    ...(target && { target }),
    ...(defaultTarget && { defaultTarget }),
    ...(user !== undefined && { user }),
    notify: flag("notify", false),
    autostart: flag("autostart", true),
  };
}
