// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Landed } from "../facts.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";
import type { StateCall } from "../states.ts";

const PERSISTENCE = "Qubes documentation, template implementation; qubes-core-agent-linux vm-systemd";

const secret = message("QB750", {
  severity: "error",
  title: "A secret in the tree",
  say: (what: string) => `the tree holds ${what}`,
  why: "All of /srv but the pillar is copied to the management disposable of every qube, and a tree is made to be shared.",
  fix: "Keep it in dom0's pillar, and let the state take it from there. Whatever stood here is known: make another.",
  source: "qubes-mgmt-salt qubessalt/__init__.py",
});

const careless = message("QB751", {
  severity: "error",
  title: "A secret that is written carelessly",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "A secret that is shown ends in logs, one with a line break added is refused by its reader, and one that nobody looks at may say more than it should.",
  fix: "contents_pillar with show_changes: false, contents_newline: false, a check_cmd for its shape, mode 0600, and its program's user.",
  source: "Salt's documentation, file.managed",
});

const open = message("QB752", {
  severity: "error",
  title: "A file that others may change or read",
  say: (path: string, what: string) => `${path} ${what}`,
  why: "Who can write a program's settings, or the program, is the program; who can read them learns what it guards.",
  fix: "0755 or 0644 and root for what is run or read by all; 0600 and its own user for a daemon's settings.",
  source: "least privilege",
});

const forgotten = message("QB753", {
  severity: "error",
  title: "A file that its machine forgets, or that nobody sees",
  say: (path: string, machine: string) => `${path} does not stay in ${machine}`,
  why: "An AppVM keeps /home, /usr/local and /rw alone; what is written elsewhere is gone at its next start. What a template has there, its qubes do not see.",
  fix: "Write it below /home, /usr/local or /rw in a qube, and anywhere else in its template.",
  source: PERSISTENCE,
});

const elsewhere = message("QB754", {
  severity: "error",
  title: "A file whose text is not in the tree",
  say: (path: string, source: string) => `${path} is taken from ${source}`,
  why: "Nobody who reads this tree knows what will land there.",
  fix: "Lay the text into the tree, or pin what is fetched by its digest in the qube that runs it.",
  source: "Salt's documentation, file.managed",
});

const unknown = message("QB755", {
  severity: "error",
  title: "A state whose effect is not known here",
  say: (what: string) => `what ${what} does is not known to this audit`,
  why: "A command or a function can do anything: install, download, open a port. Only what is known and small is passed here.",
  fix: "Read it yourself; or do the same with the states that this tree otherwise uses.",
  source: "Salt's documentation, states",
});

/** What secrets look like. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["an RPC password", /^\s*(?:rpc_?password|rpcuser)\s*=\s*\S/m],
  ["the hash of an RPC password", /rpcauth\s*=\s*[^\s:"']+:[0-9a-f]+\$[0-9a-f]{16}/],
  ["a cookie", /\b__cookie__:[0-9a-f]{32}/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ["an extended key", /\b[xyzt](?:prv|pub)[1-9A-HJ-NP-Za-km-z]{100}/],
  ["a private key in wallet import format", /\b[5KL][1-9A-HJ-NP-Za-km-z]{50,51}\b/],
  // From its middle: what comes before may begin at any letter of a text, and be looked for at each.
  ["a key to an onion service", /:descriptor:x25519:(?<=[a-z2-7]{56}:descriptor:x25519:)[A-Z2-7]{52}/],
  ["an onion service's key", /ED25519-V3:[A-Za-z0-9+/]{40}/],
];

const WORDS = /\b(?:[a-z]{3,8} ){11,23}[a-z]{3,8}\b/;

/** Functions that a tree of this kind uses; what each does is read by the other rules. */
const KNOWN = new Set([
  "file.managed",
  "file.directory",
  "file.symlink",
  "file.absent",
  "cmd.run",
  "pkg.installed",
  "user.present",
  "test.nop",
  "test.fail_without_changes",
  "qvm.vm",
  "qvm.present",
  "qvm.clone",
  "qvm.prefs",
  "qvm.features",
  "qvm.service",
  "qvm.tags",
  "qvm.firewall",
  "qvm.start",
  "qvm.template_installed",
]);

/** Commands that tell a running program of a change. */
const TELLING: readonly RegExp[] = [
  /^whonix_firewall$/,
  /^systemctl --no-block (?:reload-or-restart|restart|start|try-restart) [\w@.-]+$/,
  /^systemctl --no-block stop '[\w@.-]+@\*\.service'$/,
  /^if systemctl cat (?<units>[\w.-]+(?: [\w.-]+)*) >\/dev\/null 2>&1; then systemctl --no-block restart \k<units>; fi$/,
];

/** Other commands that are known, as patterns of their whole text. */
const COMMANDS: readonly RegExp[] = [
  ...TELLING,
  /^qvm-check (?:-q )?-- [\w-]+$/,
  /^qvm-prefs -- [\w-]+ (?:shutdown_timeout|qrexec_timeout) [0-9]+$/,
  /^qvm-volume (?:resize -- [\w-]+:private [0-9]+|config -- [\w-]+:private revisions_to_keep [0-9]+)$/,
  /^qvm-create (?:-\w+ [\w.-]+ |--[\w-]+=[\w.-]+ |--[\w-]+ [\w.-]+ )*-- [\w-]+$/,
  /^systemctl daemon-reload$/,
  /^rm -f \/run\/qwbtc-salt\/told\/[\w-]+$/,
  // As a folder's own user, which may remove its own things alone; as root only below /usr/local, where nobody else writes.
  /^cd \/ && runuser -u (?:(?!root )[\w-]+ -- find \/|root -- find \/usr\/local\/)[\w./-]+ -(?:max|min)depth 1(?: -name '[\w.*-]+')?(?: ! -(?:name|path) [\w./-]+)* -delete$/,
  /^(?:cd \/ && )?runuser -u [\w-]+ -- \/usr\/local\/lib\/qwbtc-salt\/merge-json(?: \/[\w./-]+){2}$/,
  /^cd \/ && runuser -u user -- \/usr\/local\/lib\/qwbtc-salt\/own-block \/home\/user\/\.bashrc 'if \[ -r \/usr\/local\/lib\/qwbtc-salt\/prompt\.sh \]; then \. \/usr\/local\/lib\/qwbtc-salt\/prompt\.sh; fi'$/,
  /^\/usr\/local\/lib\/qwbtc-salt\/[\w-]+(?: [\w@./-]+)*$/,
];

/** `{ COMMAND; } && told NAME FILES`: what was told is noted once the command has succeeded. */
const NOTED = /^\{ (.*); \} && \/usr\/local\/lib\/qwbtc-salt\/told [\w-]+(?: (?:\/[\w./@-]+|'\/[\w./@*-]+'))*$/;

/** Whether it is known what a command does. A file is removed as root only where a link stands in its place. */
function isKnown({ name, args }: StateCall): boolean {
  const noted = NOTED.exec(name)?.[1];
  if (noted !== undefined) return TELLING.some((one) => one.test(noted)) || isKnown({ name: noted, args } as StateCall);
  const removed = /^rm -f (\/[\w./@-]+)$/.exec(name)?.[1];
  if (removed !== undefined && [args.get("onlyif")].flat().includes(`test -L ${removed}`)) return true;
  return COMMANDS.some((one) => one.test(name));
}

/** What lands where, and how. */
export function* files(audit: Audit): Iterable<Diagnostic> {
  const { facts, machine } = audit;
  for (const [file, { text }] of facts.tree) {
    for (const [what, looks] of SECRETS)
      if (looks.test(text)) yield secret.at(placeIn(facts.tree, { file, line: lineWith(text, looks) }), what);
    // Prose has capitals and commas; a row of twelve short words in a setting has neither.
    if (!file.endsWith(".md") && !text.startsWith("#!/usr/bin/") && WORDS.test(settingsOnly(text)))
      yield secret.at(placeIn(facts.tree, { file, line: lineWith(text, WORDS) }), "what may be the words of a seed");
  }
  for (const landed of facts.landed) {
    if (landed.state.args.has("contents_pillar")) yield* secretly(landed, audit);
    else yield* openly(landed, audit);
  }
  for (const state of facts.states.calls) {
    const at = placeIn(facts.tree, state);
    const command = state.fun === "cmd.run" && !isKnown(state);
    if (!KNOWN.has(state.fun)) yield unknown.at(at, state.fun);
    else if (command) yield unknown.at(at, state.name);
    if (!state.fun.startsWith("file.") || state.machine === "dom0") continue;
    const template = facts.qubes.get(state.machine)?.klass === "TemplateVM";
    const kept = /^\/(?:home|usr\/local|rw)\//.test(state.name);
    const tors = machine.osOf(state.machine) === "gateway" && state.name.startsWith("/var/lib/tor/");
    if (template ? kept : !kept && !tors) yield forgotten.at(at, state.name, state.machine);
    if (state.name.startsWith("/rw/config/whonix_firewall.d")) yield forgotten.at(at, state.name, state.machine);
  }
}

function settingsOnly(text: string): string {
  return text.replaceAll(/^\s*(?:#|;|\/\/).*$/gm, "");
}

function* secretly({ path, mode, user, state, file, line }: Landed, { facts }: Audit): Iterable<Diagnostic> {
  const at = placeIn(facts.tree, { file, line });
  const { args } = state;
  if (args.get("show_changes") !== false) yield careless.at(at, path, "is shown when it changes");
  if (args.get("contents_newline") !== false) yield careless.at(at, path, "gets a line break that is not part of it");
  if (!args.has("check_cmd")) yield careless.at(at, path, "is written whatever the pillar says");
  if (mode === undefined || !/^0?[0-7]00$/.test(mode))
    yield careless.at(at, path, `is readable by others (mode ${mode ?? "of chance"})`);
  if (user === undefined) yield careless.at(at, path, "belongs to nobody in particular");
}

function* openly(
  { path, mode, user, text, machine, state, file, line }: Landed,
  { facts }: Audit,
): Iterable<Diagnostic> {
  const at = placeIn(facts.tree, { file, line });
  const source = state.args.get("source");
  const own = state.args.get("replace") === false;
  if (text === undefined && source !== undefined) yield elsewhere.at(at, path, String(source));
  if (mode === undefined) return void (yield open.at(at, path, "has whatever mode it gets"));
  if (!/^0[0-7]{3}$/.test(mode))
    return void (yield open.at(at, path, `has a mode that is not four octal digits (${mode})`));
  const bits = Number.parseInt(mode, 8);
  const policy = machine === "dom0" && path.startsWith("/etc/qubes/policy.d/");
  if (bits & 0o022 && !policy) yield open.at(at, path, `may be changed by others (mode ${mode})`);
  const settings = /^\/home\/(?!user\/\.bashrc)/.test(path) || path.startsWith("/var/lib/tor/");
  if (settings && bits & 0o077) yield open.at(at, path, `may be read by others (mode ${mode})`);
  const ofSystem = /^\/(?:usr|etc|rw\/config|srv)\//.test(path);
  if (ofSystem && user !== "root") yield open.at(at, path, `belongs to ${user ?? "whoever writes it"}, not to root`);
  if (own && /\.(?:conf|cfg)$/.test(path)) yield open.at(at, path, "is never corrected: replace: false");
}
