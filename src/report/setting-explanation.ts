// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Qube } from "../model/model.ts";
import { knows } from "../model/settled.ts";
import type { Role } from "../model/role.ts";
import { optionsOf, type Option } from "../software/option.ts";
import { isOpen, kindText } from "../topology/settings.ts";
import { quoted, wrappedLines } from "./wrapped.ts";

/** The settings that a topology may choose for a qube, a line each, with a reason asked for where it is. */
export function* settingLines({ role, version }: Qube): Iterable<string> {
  const open = role.options ? optionsOf(role.options).filter((one) => isOpen(one) && knows(version, one)) : [];
  if (open.length === 0) return;
  yield "";
  yield `Settings of ${role.options?.program} ${version} that the topology may choose (qwbtc-salt explain ${role.name}:NAME):`;
  const width = Math.max(...open.map(({ name }) => name.length));
  for (const { name, what, owner } of open)
    yield `  ${name.padEnd(width)}  ${what}${owner === "guarded" ? " Needs a because." : ""}`;
}

/** A role by its name: what it is, the keys that its qubes may have, and its program's versions. */
export function explainRole(subject: string, roles: readonly Role[]): string | undefined {
  const role = roles.find((one) => one.name === subject);
  if (!role) return undefined;
  const { summary, program, references = {}, keys, netvm, options, elsewhere } = role;
  const own = Object.entries(keys).map(([key, schema]) => [key, schema instanceof z.ZodType ? schema.description : ""]);
  const rows: (readonly [string, string])[] = [
    ...(netvm ? [["netvm", netvm.description] as const] : []),
    ...Object.entries(references).map(([key, { description }]) => [key, description] as const),
    ...own.map(([key = "", what = ""]) => [key, what] as const),
    ...(program ? [["version", `One of ${program.releases.map(({ version }) => version).join(", ")}.`] as const] : []),
    ...(options
      ? [["settings", `Settings of ${options.program}: qwbtc-salt explain ${role.name}:NAME.`] as const]
      : []),
    ...(elsewhere ? [["remote", "Where the server is, if it is not on this machine."] as const] : []),
    ["because", "Reasons for departing from safe defaults, by the name of what is overridden."],
    ["vm", "Qubes' own settings of the qube."],
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  const lines = [`${role.name}: ${summary}`, "", ...rows.map(([key, what]) => `  ${key.padEnd(width)}  ${what}`), ""];
  return wrappedLines(lines).join("\n");
}

/** A program's setting by its name, of one role (`bitcoind:dbcache`) or of whichever knows it: all that the catalogue says of it. */
export function explainSetting(subject: string, roles: readonly Role[]): string | undefined {
  const [, roleName, name = subject] = /^([a-z-]+):(.+)$/.exec(subject) ?? [];
  const found = roles
    .filter((role) => roleName === undefined || role.name === roleName)
    .flatMap((role) => {
      const option = role.options && optionsOf(role.options).find((one) => one.name === name);
      return option ? [text(role, option)] : [];
    });
  return found.length > 0 ? found.join("\n") : undefined;
}

/** The program's default, in the topology's words. */
function shown({ kind, default: fallback }: Option): string {
  if (kind.is !== "flag") return fallback;
  return fallback.replace(/^0\b/, "false").replace(/^1\b/, "true");
}

function text(role: Role, option: Option): string {
  const { name, what, kind, since, until, instead, refused, says = [], source, owner } = option;
  const who = {
    user: `A topology may choose it: settings: { ${name}: … }`,
    guarded: `A topology may choose it, with a reason: settings: { ${name}: … } and because: { ${name}: … }`,
    compiler: `It follows from the topology: ${instead ?? "nothing to choose"}.`,
    never: `Nobody chooses it here: ${refused ?? ""}.`,
  }[owner];
  const lines = [
    `${name}, a setting of ${role.options?.program} (role ${role.name}): ${what}`,
    "",
    ...(isOpen(option) ? [`  takes    ${kindText(kind)}`, `  default  ${shown(option)}`] : []),
    ...(since === undefined ? [] : [`  since    ${since}`]),
    ...(until === undefined
      ? []
      : [`  until    ${until}, which has it no more${instead === undefined ? "" : `; then ${instead}`}`]),
    "",
    who,
    ...(refused !== undefined && owner === "guarded" ? [`Why it is safe as it is: ${refused}.`] : []),
    ...(typeof option.why === "string" ? [`Ours: ${option.why}`] : []),
    `Source: ${source}`,
    "",
  ];
  return `${wrappedLines(lines).join("\n")}${quoted("What the program itself says:", says)}`;
}
