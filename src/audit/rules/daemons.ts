// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { HELD_FILES } from "../held-settings.ts";
import { unlessMeant } from "../departures.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";
import type { Landed } from "../facts.ts";
import { forwards } from "../role-of.ts";

const missing = message("QB780", {
  severity: "error",
  title: "A program's setting that must be there is not",
  say: (program: string, machine: string, what: string) => `${program} in ${machine}: ${what}`,
  why: "Left out, the program takes its own default, which is made for a machine that has nothing to hide.",
  fix: "Say it in the file, as the compiler does; or, where the topology means another thing, know that this audit cannot tell it from a mistake.",
  source: "the option tables; qwbtc-salt explain ROLE:SETTING",
});

const wrong = message("QB781", {
  severity: "error",
  title: "A program's setting that no tree of this kind has",
  say: (program: string, machine: string, what: string, line: string) => `${program} in ${machine}: ${what} (${line})`,
  why: "It opens the program to others, or sends what it does past Tor or past its link.",
  fix: "Take the line out. Settings that may be chosen stand under `settings:` in the topology, dangerous ones with a reason.",
  source: "the option tables; qwbtc-salt explain ROLE:SETTING",
});

const twice = message("QB782", {
  severity: "error",
  title: "A program's setting that stands twice",
  say: (program: string, machine: string, key: string) => `${program} in ${machine}: ${key} stands twice`,
  why: "Programs differ in which of two counts; what is read here need not be what runs.",
  fix: "Leave one.",
  source: "facts of each program's parser",
});

const client = message("QB783", {
  severity: "error",
  title: "Clients and their lists do not agree",
  say: (machine: string, what: string) => `${machine}: ${what}`,
  why: "A user without a list may call everything, and a list without a user does nothing.",
  fix: "For each client one included rpcauth file, one state that writes it from the pillar, and one list.",
  source: "Bitcoin Core src/httprpc.cpp",
});

const dials = message("QB784", {
  severity: "error",
  title: "A program is told to dial a port at which nothing of its qube listens",
  say: (program: string, machine: string, port: string) =>
    `${program} in ${machine} dials port ${port} of its own loopback, and no link is there`,
  why: "It finds nothing; or whatever else in the qube listens there is taken for the server.",
  fix: "Give it the local port of its link.",
  source: "this tree's own units",
});

/** Settings that may stand more than once. */
const LISTS =
  /^(?:includeconf|rpcwhitelist|bind|zmqpub\w+|onlynet|debug|rpcauth|socks5_host|socks5_port|type|host|port|usessl|socks5|enabled|channel)$/;

/** Each program's settings say what they must, and nothing that they must not. */
export function* daemons(audit: Audit): Iterable<Diagnostic> {
  for (const landed of audit.facts.landed) {
    const held = HELD_FILES.find(({ path }) => path.test(landed.path));
    if (!held || landed.text === undefined) continue;
    const { program, must, never } = held;
    const { text, machine, origin } = landed;
    const at = (line: number) => placeIn(audit.facts.tree, { file: origin, line });
    const lines = text.split("\n");
    for (const { line, what, where, unless } of must)
      if ((!where || where.test(text)) && !lines.some((one) => line.test(one)))
        yield unlessMeant(missing.at(at(1), program, machine, what), audit.facts.tree, unless, machine);
    for (const [index, one] of lines.entries())
      for (const { line, what, where, unless, far } of never)
        if (
          line.test(one) &&
          !(far?.test(one) && isFar(landed, audit)) &&
          (!where ||
            where.test(
              lines
                .slice(0, index)
                .toReversed()
                .find((two) => two.startsWith("[")) ?? "",
            ))
        )
          yield unlessMeant(
            wrong.at(at(index + 1), program, machine, what, one.trim()),
            audit.facts.tree,
            unless,
            machine,
          );
    const seen = new Set<string>();
    let section = "";
    for (const [index, one] of lines.entries()) {
      if (one.startsWith("[")) section = one;
      const key = /^([\w.-]+)\s*=/.exec(one)?.[1];
      if (key === undefined || LISTS.test(key)) continue;
      if (seen.has(`${section}${key}`)) yield twice.at(at(index + 1), program, machine, key);
      seen.add(`${section}${key}`);
    }
    yield* dialled(landed, program, audit);
    if (landed.path.endsWith("/bitcoin.conf")) yield* clients(landed, audit);
  }
}

/** Whether the daemon that a file names runs on another machine: the qube at the end of that link only forwards. */
function isFar({ text = "", machine }: Landed, { facts, reach }: Audit): boolean {
  const local = Number(/^daemon_port = ([0-9]+)$/m.exec(text)?.[1]);
  const end = reach.doors.find((one) => one.client === machine && one.local === local)?.decision;
  return end?.kind === "allow" && forwards(end.target, facts);
}

const DIALS = [
  /^bitcoind = 127\.0\.0\.1:([0-9]+)$/gm,
  /"server": "127\.0\.0\.1:([0-9]+):[ts]"/g,
  /^daemon_port = ([0-9]+)$/gm,
  /^rpc_port = ([0-9]+)$/gm,
];

function* dialled(
  { text = "", machine, origin }: Landed,
  program: string,
  { facts, reach }: Audit,
): Iterable<Diagnostic> {
  const walletIn = /^rpc_wallet_file = (\S+)$/m.exec(text)?.[1];
  const rpc = Number(/^rpc_port = ([0-9]+)$/m.exec(text)?.[1]);
  const node = reach.doors.find((one) => one.client === machine && one.local === rpc)?.decision;
  const server = node?.kind === "allow" ? node.target : undefined;
  const without = facts.landed.some((one) => one.machine === server && /^disablewallet=1$/m.test(one.text ?? ""));
  if (walletIn !== undefined && server !== undefined && without) {
    const line = lineWith(text, /^rpc_wallet_file = /);
    yield client.at(
      placeIn(facts.tree, { file: origin, line }),
      machine,
      `its wallet ${walletIn} is to be in ${server}, which has none`,
    );
  }
  const open = new Set(reach.doors.filter((one) => one.client === machine).map(({ local }) => String(local)));
  for (const pattern of DIALS)
    for (const found of text.matchAll(pattern)) {
      const line = text.slice(0, found.index).split("\n").length;
      if (!open.has(found[1] ?? ""))
        yield dials.at(placeIn(facts.tree, { file: origin, line }), program, machine, found[1] ?? "");
    }
}

/** A client whose list has what only a node with wallets answers. */
const WALLETS =
  /^rpcwhitelist=([\w-]+):(?:.*,)?(?:getwalletinfo|importdescriptors|importmulti|listunspent|loadwallet)(?:,|$)/;

function* clients({ text = "", machine, origin }: Landed, { facts }: Audit): Iterable<Diagnostic> {
  const place = placeIn(facts.tree, { file: origin, line: 1 });
  const included = [...text.matchAll(/^includeconf=rpcauth-([\w-]+)\.conf$/gm)].map(([, name = ""]) => name);
  const listed = [...text.matchAll(/^rpcwhitelist=([\w-]+):/gm)].map(([, name = ""]) => name);
  const written = facts.landed
    .filter((one) => one.machine === machine && one.state.args.has("contents_pillar"))
    .flatMap((one) => /\/rpcauth-([\w-]+)\.conf$/.exec(one.path)?.[1] ?? []);
  for (const name of included) {
    if (!listed.includes(name))
      yield client.at(place, machine, `${name} has a password and no list: it may call everything`);
    if (!written.includes(name)) yield client.at(place, machine, `no state writes the line of ${name}`);
  }
  for (const name of listed)
    if (!included.includes(name)) yield client.at(place, machine, `${name} has a list and no password`);
  for (const name of written)
    if (!included.includes(name)) yield client.at(place, machine, `the line of ${name} is written and never read`);
  const wallets = text.split("\n").flatMap((line) => WALLETS.exec(line)?.[1] ?? []);
  if (/^disablewallet=1$/m.test(text))
    for (const name of wallets) yield client.at(place, machine, `${name} asks about a wallet, and this node has none`);
  if (new Set(listed).size !== listed.length)
    yield client.at(place, machine, "a client has two lists, of which only what both name counts");
}
