// SPDX-License-Identifier: GPL-3.0-or-later
import type { Rule } from "../../policy/language/rule.ts";
import type { Token } from "../../policy/language/token.ts";

/** What a policy line does, in a sentence (qubes-core-qrexec doc/multifile-policy.markdown). */
export function inWords({ service, argument, source, target, action }: Rule): string {
  const what = called(service, argument);
  const who = caller(source);
  if (action.kind === "deny")
    return target.kind === "default"
      ? `${who} may not call ${what} without naming a qube.`
      : `${who} may not call ${what} in ${callee(target)}.`;
  const may = action.kind === "ask" ? "may, if the user says yes, call" : "may call";
  const where = target.kind === "default" ? " without naming a qube" : ` in ${callee(target)}`;
  const end = action.target ? `; ${callee(action.target)} answers` : "";
  const user = action.user === undefined ? "" : `, as its user ${action.user}`;
  const start = action.autostart ? ", and is started for it" : ", only if it runs already";
  return `${who} ${may} ${what}${where}${end}${user}${start}.`;
}

function called(service: string | undefined, argument: string | undefined): string {
  if (service === undefined) return "any service";
  const port = service === "qubes.ConnectTCP" ? /^\+([0-9]+)$/.exec(argument ?? "")?.[1] : undefined;
  if (port !== undefined) return `port ${port} (${service})`;
  if (service === "qubes.ConnectTCP" && argument === undefined) return `any port (${service})`;
  return argument === undefined
    ? service
    : argument === "+"
      ? `${service} without an argument`
      : `${service}${argument}`;
}

function caller(token: Token): string {
  const words = callee(token);
  return words.charAt(0) === words.charAt(0).toLowerCase() && token.kind !== "qube"
    ? words.charAt(0).toUpperCase() + words.slice(1)
    : words;
}

function callee(token: Token): string {
  switch (token.kind) {
    case "everything":
      return "any qube, dom0 too";
    case "anyvm":
      return "any qube";
    case "default":
      return "whichever dom0 chooses";
    case "adminvm":
      return "dom0";
    case "dispvm":
      return "a new disposable of the caller's";
    case "dispvm-of":
      return `a new disposable of ${token.name}`;
    case "dispvm-tag":
      return `a new disposable of a template tagged ${token.name}`;
    case "tag":
      return `any qube tagged ${token.name}`;
    case "type":
      return `any ${token.name}`;
    case "qube":
      return token.name;
  }
}
