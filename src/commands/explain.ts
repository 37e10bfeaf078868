// SPDX-License-Identifier: GPL-3.0-or-later
import { study } from "../audit/audit.ts";
import { readSubject, type Subject } from "../io/subject.ts";
import type { Terminal } from "../io/terminal.ts";
import { allMessages } from "../kernel/message.ts";
import { didYouMean } from "../kernel/suggest.ts";
import type { Tree } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";
import { explainCode } from "../report/code-explanation.ts";
import { explainQube } from "../report/explanation.ts";
import { explainFile, keysNamed, settingIn } from "../report/file-explanation.ts";
import { explainPort } from "../report/port-explanation.ts";
import { explainRole, explainSetting } from "../report/setting-explanation.ts";
import { roles } from "../roles/index.ts";
import { optionsOf } from "../software/option.ts";
import { EXIT, tell } from "./find.ts";

/** `explain`: says what a message code, a qube, one of its ports, a file of the tree or one setting in it means. */
export function explain(subject: string, path: string | undefined, terminal: Terminal): number {
  if (/^QB[0-9]+$/i.test(subject)) return ofCode(subject.toUpperCase(), terminal);
  const read = readSubject(path);
  if (read.chosen !== "") terminal.err(`${read.chosen}\n\n`);
  const { tree, model } = read;
  const errors = read.diagnostics.filter(({ severity }) => severity === "error");
  const code = tell(tree ? errors : read.diagnostics, { format: "pretty" }, terminal);
  if (!tree) return code || EXIT.findings;

  const text = ofPort(subject, tree) ?? textFor(subject, tree, model);
  if (typeof text === "string") {
    terminal.out(text);
    return code;
  }
  terminal.err(text?.say ?? notFound(subject, read, tree));
  return EXIT.usage;
}

function ofCode(code: string, terminal: Terminal): number {
  const text = explainCode(code);
  if (text !== undefined) {
    terminal.out(text);
    return EXIT.well;
  }
  const codes = allMessages().map((one) => one.code);
  terminal.err(`There is no message ${code}. There are: ${codes.join(", ")}\n`);
  return EXIT.usage;
}

/** `QUBE:PORT`: a setting is never called by a number. */
function ofPort(subject: string, tree: Tree): string | { readonly say: string } | undefined {
  const [, name = "", digits = ""] = /^([^:]+):([0-9]+)$/.exec(subject) ?? [];
  if (name === "") return undefined;
  const audit = study(tree);
  const qubes = audit.machine.ours.map((one) => one.name);
  if (!qubes.includes(name)) {
    if (audit.facts.qubes.has(name)) return { say: `${name} is a template: nothing listens or calls in one.\n` };
    return explainFile(name, tree) === undefined
      ? { say: `No qube here is called "${name}"${didYouMean(name, qubes)}.\n` }
      : undefined;
  }
  const port = Number(digits);
  if (port < 1 || port > 65535) return { say: `${digits} is no port: they go from 1 to 65535.\n` };
  return explainPort(name, port, audit);
}

function textFor(subject: string, tree: Tree, model: Model | undefined): string | undefined {
  return (
    (model && explainQube(subject, { model, tree })) ??
    explainFile(subject, tree) ??
    explainRole(subject, roles) ??
    (model && ofQube(subject, tree, model)) ??
    explainSetting(subject, roles)
  );
}

/** `bitcoin-server:dbcache` asks for the setting of that qube's role, and for what it is there. */
function ofQube(subject: string, tree: Tree, model: Model): string | undefined {
  const [name = "", ...rest] = subject.split(":");
  const qube = model.qubes.find((one) => one.name === name);
  if (!qube) return undefined;
  const key = rest.join(":");
  const text = explainSetting([qube.role.name, key].join(":"), roles);
  if (text === undefined) return undefined;
  const here = settingIn(name, key, tree);
  return [
    text,
    here.length > 0 ? `In ${name}:` : `In ${name} nothing sets it: the program's own default counts.`,
    ...here,
    "",
  ].join("\n");
}

function notFound(subject: string, { kind, model }: Subject, tree: Tree): string {
  const inFile = keysNamed(subject, tree);
  if (inFile) {
    const key = subject.slice(subject.lastIndexOf(":") + 1);
    return `Nothing in ${inFile.file} is called "${key}"${didYouMean(key, inFile.keys)}. What is not written there has the program's own default.\n`;
  }
  const [name = "", key] = subject.split(":");
  const role = model?.qubes.find((one) => one.name === name)?.role ?? roles.find((one) => one.name === name);
  if (role && key !== undefined) {
    const known = role.options ? optionsOf(role.options).map((one) => one.name) : [];
    const none = known.length === 0 ? ", for its role has none" : didYouMean(key, known);
    return `No setting of ${name} is called "${key}"${none}.\n`;
  }
  return `Nothing here is called "${subject}"${didYouMean(subject, subjects(tree, model))}.\n${kind === "topology" ? "" : "Of a finished tree or a bundle, files, settings and ports are explained; a qube as a whole is explained of its topology.\n"}${FORMS}\n`;
}

const FORMS =
  "Give a message code (QB203), a qube, one of its ports (electrum-client:50001), a file (bitcoin.conf), a setting in one (bitcoin.conf:onlynet) or one of a program (bitcoind:dbcache).";

function subjects(tree: Tree, model: Model | undefined): string[] {
  const settings = roles.flatMap(({ name, options }) =>
    options ? optionsOf(options).flatMap((one) => [one.name, `${name}:${one.name}`]) : [],
  );
  return [
    ...settings,
    ...roles.map(({ name }) => name),
    ...(model?.qubes ?? []).map((qube) => qube.name),
    ...[...tree.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1)),
  ];
}
