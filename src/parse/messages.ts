// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { plainDigits } from "./plain-digits.ts";

const isVersion = (source: string) => /^[0-9]+(?:\.[0-9]+)+$/.test(source);

export const notYaml = message("QB101", {
  severity: "error",
  title: "the file is not YAML",
  say: (reason: string) => `this is not YAML: ${reason}`,
  why: "A topology is YAML 1.2; what cannot be read for certain is not guessed at.",
  fix: "Mend the marked place. `qwbtc-salt init` writes a topology that works, to compare with.",
  source: "YAML 1.2.2",
});

export const duplicateKey = message("QB102", {
  severity: "error",
  title: "a key stands twice in one map",
  say: (key: string) => `the key "${key}" stands here twice`,
  why: "Only one of the two could count, and a reader would not see which.",
  fix: "Remove one of them.",
});

export const tabIndent = message("QB103", {
  severity: "error",
  title: "a tab is used for indentation",
  say: () => "this line is indented with a tab",
  why: "YAML forbids tabs as indentation: their width is a matter of taste, and the structure would hang on it.",
  fix: "Indent with spaces, two a level.",
  source: "YAML 1.2.2, section 6.1",
});

export const cleverYaml = message("QB104", {
  severity: "error",
  title: "an anchor, alias, tag, merge key, directive or __proto__ is used",
  say: (what: string) => `topologies have no ${what}`,
  why: "Whoever audits a topology must see each value where it stands; indirection hides values and differs between YAML readers.",
  fix: "Write the value out in full.",
});

export const oddNumber = message("QB105", {
  severity: "error",
  title: "a number is not written in plain decimal digits",
  say: (source: string) =>
    isVersion(source) ? `${source} is a version, not a number` : `"${source}" is not a plain decimal number`,
  why: "Octal, hexadecimal, exponents and leading zeros are read differently by YAML 1.1 (Salt) and YAML 1.2 (this file); and as a number 30.10 would be 30.1.",
  fix: (source: string) =>
    isVersion(source)
      ? `A version is a text: write "${source}", with the quotes.`
      : `Write ${plainDigits(source) ?? "it in plain digits"}.`,
});

export const tooLarge = message("QB106", {
  severity: "error",
  title: "the topology is too large",
  say: (bytes: number) => `the topology has ${bytes} bytes; the limit is 4194304`,
  why: "A thousand qubes fit into a tenth of that: this is not a topology.",
  fix: "Check that the right file was given.",
});

export const tooDeep = message("QB107", {
  severity: "error",
  title: "the topology is nested too deeply",
  say: () => "this is nested too deeply to be a topology",
  why: "A topology has four levels; thousands of brackets are a mistake or an attack.",
  fix: "Check that the right file was given.",
});

export const notText = message("QB108", {
  severity: "error",
  title: "the file is not plain text",
  say: (name: string) => `the topology contains the character ${name}`,
  why: "Such characters are invisible or change how the text around them is shown, so that a reader sees something else than the compiler.",
  fix: "Remove it. Outside of comments a topology needs only letters, digits and punctuation.",
});

export const emptyTopology = message("QB109", {
  severity: "error",
  title: "the topology is empty",
  say: () => "the topology is empty",
  why: "There is nothing to build.",
  fix: "Run `qwbtc-salt init` to get a topology to start from.",
});
