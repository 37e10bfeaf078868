// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Landed } from "../facts.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";
import { OWN_PROGRAMS } from "../own-programs.ts";

const unread = message("QB756", {
  severity: "error",
  title: "A program that nobody here has read",
  say: (where: string) => `${where} is none of the programs that this version lays down`,
  why: "A program can do anything: take a key, open a port, report success without having done its work. What it does is not known to this audit.",
  fix: "Read it yourself. If it should be one of ours, it was changed, or comes from another version: audit the tree with the version that built it.",
  source: "formulas/ of this version",
});

const goodWords = message("QB757", {
  severity: "error",
  title: "A signature counts whoever made it",
  say: (where: string) => `${where} asks whether a signature is good, and not of which key`,
  why: "GOODSIG and Good signature are said of every key in the keyring, once for each signature: one key that signs four times is counted four times, and a key that was added counts as much as a builder's.",
  fix: "Count the distinct primary fingerprints of VALIDSIG lines, of those alone that are named beforehand.",
  source: "GnuPG doc/DETAILS, GOODSIG and VALIDSIG",
});

const nobodyCalls = message("QB758", {
  severity: "warning",
  title: "A qrexec service that no line opens",
  say: (machine: string, service: string) =>
    `${machine} is given the service ${service}, and no policy line of this tree lets anybody call it`,
  why: "It does nothing here but wait for a line that opens it, and then acts in every qube of its template.",
  fix: "Lay it down where it is called, and nowhere else.",
  source: "Qubes documentation, qrexec",
});

/** Places at which a text is run, whatever its mode says. */
const RUN =
  /\/(?:rc\.local(?:\.d\/[^/]+)?|qubes-rpc\/[^/]+|profile\.d\/[^/]+|cron[^/]*\/[^/]+|qubes-firewall\.d\/[^/]+|qubes-firewall-user-script|[^/]+\.(?:sh|py|rc))$/;

/** Programs of a tree are ours, byte for byte, or are said to be unread. */
export function* programs({ facts, machine }: Audit): Iterable<Diagnostic> {
  const said = new Set<string>();
  for (const landed of facts.landed) {
    const { origin, text = "", path } = landed;
    if (!isProgram(landed) || OWN_PROGRAMS.has(text)) continue;
    const line = origin === landed.file ? landed.line : 1;
    const key = `${origin}:${line}`;
    if (!said.has(key)) yield* judged(`${path} of ${landed.machine}`, origin, line, text, facts.tree);
    said.add(key).add(origin);
  }
  for (const [file, { text, mode }] of facts.tree) {
    if (said.has(file) || OWN_PROGRAMS.has(text) || /\.(?:sls|top|jinja)$/.test(file)) continue;
    if (mode === "0755" || text.startsWith("#!") || /\.(?:sh|py)$/.test(file))
      yield* judged(file, file, 1, text, facts.tree);
  }
  for (const { machine: on, path, file, line } of facts.landed) {
    const service = /^\/(?:etc|usr\/local\/etc)\/qubes-rpc\/([^/]+)$/.exec(path)?.[1];
    if (service === undefined) continue;
    const open = machine.policy.rules.some(
      (rule) => rule.action.kind !== "deny" && (rule.service === undefined || rule.service === service.split("+")[0]),
    );
    if (!open) yield nobodyCalls.at(placeIn(facts.tree, { file, line }), on, service);
  }
  for (const state of facts.states.calls)
    if (state.fun.startsWith("cmd.") && takesWords(state.name))
      yield goodWords.at(placeIn(facts.tree, state), `a command for ${state.machine}`);
}

function isProgram({ path, mode, text = "" }: Landed): boolean {
  if (text === "") return false;
  return text.startsWith("#!") || RUN.test(path) || (Number.parseInt(mode ?? "0", 8) & 0o111) !== 0;
}

function* judged(
  what: string,
  file: string,
  line: number,
  text: string,
  tree: Audit["facts"]["tree"],
): Iterable<Diagnostic> {
  yield unread.at(placeIn(tree, { file, line }), what);
  if (takesWords(text))
    yield goodWords.at(placeIn(tree, { file, line: lineWith(tree.get(file)?.text ?? "", WORDS) }), what);
}

const WORDS = /GOODSIG|Good signature/;

function takesWords(text: string): boolean {
  return WORDS.test(text) && !text.includes("VALIDSIG");
}
