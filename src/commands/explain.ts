// SPDX-License-Identifier: GPL-3.0-or-later
import { compile, type Compiled } from "../compile.ts";
import type { Terminal } from "../io/terminal.ts";
import { topologySource } from "../io/topology-source.ts";
import { allMessages } from "../kernel/message.ts";
import { explainFile, explainQube } from "../report/explanation.ts";
import { roles } from "../roles/index.ts";
import { optionsOf } from "../software/option.ts";
import { explainRole, explainSetting } from "../report/setting-explanation.ts";
import { didYouMean } from "../kernel/suggest.ts";
import { EXIT, tell } from "./find.ts";

/** `explain`: says what a message code, a qube, a file of the tree or one setting in it means. */
export function explain(subject: string, path: string | undefined, terminal: Terminal): number {
  if (/^QB[0-9]+$/i.test(subject)) return explainCode(subject.toUpperCase(), terminal);
  const source = topologySource(path);
  if (source.chosen !== "") terminal.err(`${source.chosen}\n\n`);
  const { value, diagnostics } = compile(source);
  if (!value) return tell(diagnostics, { format: "pretty" }, terminal);

  const text =
    explainQube(subject, value) ??
    explainFile(subject, value) ??
    explainRole(subject, roles) ??
    explainSetting(inRole(subject, value), roles);
  if (text === undefined) {
    terminal.err(`Nothing here is called "${subject}"${didYouMean(subject, subjects(value))}.\n`);
    terminal.err(
      "Give a message code (QB203), a qube, a file (bitcoin.conf), a setting in one (bitcoin.conf:onlynet) or one of a program (bitcoind:dbcache).\n",
    );
    return EXIT.usage;
  }
  terminal.out(text);
  return EXIT.well;
}

function explainCode(code: string, terminal: Terminal): number {
  const all = allMessages();
  const found = all.find((one) => one.code === code);
  if (!found) {
    terminal.err(`There is no message ${code}. There are: ${all.map((one) => one.code).join(", ")}\n`);
    return EXIT.usage;
  }
  const lines = [`${found.code} (${found.severity}): ${found.title}`];
  if (found.why !== undefined) lines.push("", found.why);
  if (found.fix !== undefined) lines.push("", found.fix);
  if (found.source !== undefined) lines.push("", `Source: ${found.source}`);
  const says = [...(found.says ?? []), ...(OF_SETTINGS.has(code) ? optionsSay() : [])];
  if (says.length > 0)
    lines.push(
      "",
      "What the program itself says, or does in silence:",
      ...says.map((one) => `  ${one.replaceAll(/\s*\n\s*/g, " / ")}`),
    );
  if (OF_SETTINGS.has(code)) lines.push("", "For one setting: qwbtc-salt explain bitcoind:prune");
  terminal.out(`${lines.join("\n")}\n`);
  return EXIT.well;
}

/** `bitcoin-server:dbcache` asks for the setting of that qube's role. */
function inRole(subject: string, { model }: Compiled): string {
  const [name = "", ...rest] = subject.split(":");
  const qube = model.qubes.find((one) => one.name === name);
  return qube ? [qube.role.name, ...rest].join(":") : subject;
}

/** The messages about any setting: what programs say of theirs stands with the settings. */
const OF_SETTINGS = new Set(["QB212", "QB213", "QB214"]);

function optionsSay(): string[] {
  const all = roles.flatMap(({ options }) => (options ? optionsOf(options) : []));
  return [...new Set(all.flatMap(({ name, says = [] }) => says.map((one) => `${name}: ${one}`)))];
}

function subjects({ model, tree }: Compiled): string[] {
  const settings = roles.flatMap(({ name, options }) =>
    options ? optionsOf(options).flatMap((one) => [one.name, `${name}:${one.name}`]) : [],
  );
  return [
    ...settings,
    ...roles.map(({ name }) => name),
    ...model.qubes.map((qube) => qube.name),
    ...[...tree.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1)),
  ];
}
