// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { didYouMean, nearest } from "../kernel/suggest.ts";

const list = (words: readonly string[]) => words.join(", ");

export const unknownKey = message("QB201", {
  severity: "error",
  title: "a key is not known here",
  say: (key: string, known: readonly string[], where: string, belongs?: string) =>
    `${where} has no key "${key}"${belongs === undefined ? didYouMean(key, known) : ""}`,
  why: "An unknown key would be a setting that silently does nothing.",
  fix: (key, known, _where, belongs) => {
    if (belongs !== undefined) return belongs;
    const near = nearest(key, known);
    return near === undefined
      ? `Remove it. Known here: ${list(known)}.`
      : `Write "${near}". Known here: ${list(known)}.`;
  },
});

export const noNetQube = message("QB208", {
  severity: "error",
  title: "a qube of this role has no net qube",
  say: (role: string) => `a qube of role ${role} never has a net qube`,
  why: "It reaches what it needs over qrexec alone; a wallet or server that no network can reach is what these roles are for.",
  fix: "Remove the line: the server that it names is all it needs.",
});

export const missingKey = message("QB202", {
  severity: "error",
  title: "a key is missing",
  say: (key: string, where: string) => `${where} needs the key "${key}"`,
  why: "There is no safe default for it.",
  fix: (key) => `Add "${key}: …" here.`,
});

export const wrongType = message("QB203", {
  severity: "error",
  title: "a value is of the wrong type",
  say: (expected: string, found: string, _keys: readonly string[] = []) => `${expected}, found ${found}`,
  why: "Values are never converted: what looks like a number, a truth value or a text is read as exactly that.",
  fix: (expected, found, keys = []) => {
    if (found === "nothing") return "Write a value behind the colon, or remove the line.";
    if (expected.includes("a map"))
      return keys.length > 0
        ? `Write keys with their values, such as { ${keys[0]}: … }. Known here: ${list(keys)}.`
        : "Write names with their values: { NAME: … }.";
    if (expected === "expected a list") return "Write a list: [ … ].";
    if (expected === "expected true or false" && found.startsWith("text"))
      return "Write true or false. (In YAML 1.2 yes, no, on and off are plain texts.)";
    const [, digits] = /^text "([0-9]+)"$/.exec(found) ?? [];
    if (digits !== undefined) return `Write ${digits}, without quotes.`;
    return found === "a list" ? "Write one value here, not a list." : "Write a value of that kind.";
  },
});

export const notOneOf = message("QB204", {
  severity: "error",
  title: "a value is not one of those allowed",
  say: (found: string, known: readonly string[], hint?: string) =>
    `${found} is not one of ${list(known)}${hint === undefined ? didYouMean(found.replaceAll('"', ""), known) : ""}`,
  why: "Only these are known, and an unknown one would have no meaning in the tree.",
  fix: (found, known, hint) => {
    if (hint !== undefined) return hint;
    const near = nearest(found.replaceAll('"', ""), known);
    return near === undefined ? `Choose one of: ${list(known)}.` : `Write ${near}.`;
  },
});

export const badForm = message("QB205", {
  severity: "error",
  title: "a value has characters or a form that is not allowed",
  say: (found: string, expected: string) => `${found} is not allowed here: ${expected}`,
  why: "Values land in states, units, policies and shell scripts; only characters without a meaning in any of these are let in.",
  fix: "Keep to the form that is named.",
});

export const outOfRange = message("QB206", {
  severity: "error",
  title: "a number or list is too small or too large",
  say: (found: string, bound: string) => `${found} is ${bound}`,
  why: "Outside of these bounds the qube would not start, or the value is a slip of the finger.",
  fix: "Choose a value within the bounds.",
});

export const noQubes = message("QB207", {
  severity: "error",
  title: "the topology declares no qube",
  say: () => "there is no qube here",
  why: "There is nothing to build.",
  fix: "Add a qube under `qubes:`; `qwbtc-salt init` shows how.",
});
