// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { readTorrc } from "../../verify/torrc.ts";
import { GATEWAY_ADDRESS, STOCK_SOCKS_PORTS } from "../../whonix/gateway.ts";
import { netvmOf } from "../accepted.ts";
import type { Landed } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { keysOf } from "../onion-keys.ts";

const TOR = "tor(1)";
const FIREWALL = "Whonix/whonix-firewall";

const oddTorrc = message("QB770", {
  severity: "error",
  title: "A line for tor that no tree of this kind has",
  say: (line: string) => `this is neither a SocksPort nor an onion service: ${line}`,
  why: "One line can open the control port, let strangers out through this machine, or send traffic past Tor.",
  fix: "Take it out. Your own lines belong into 50_user.conf, where you know of them.",
  source: TOR,
});

const weakPort = message("QB771", {
  severity: "error",
  title: "A SocksPort that does not hold its streams apart, or to onion services",
  say: (line: string, what: string) => `${what}: ${line}`,
  why: "Without the isolation one circuit carries streams to different peers, and one exit or relay sees them together; without OnionTrafficOnly a program that dials a clearnet address is let out. Tor only warns of a flag that it does not know.",
  fix: "SocksPort 0.0.0.0:PORT IsolateDestAddr IsolateDestPort OnionTrafficOnly",
  source: `${TOR}, SocksPort`,
});

const deadEnd = message("QB772", {
  severity: "error",
  title: "An onion service that ends where it should not",
  say: (folder: string, what: string) => `the onion service in ${folder} ${what}`,
  why: "Whoever knows its address reaches whatever listens there; and without clients' keys that is everybody.",
  fix: "Let it end in a socket of this tree, or at the pinned address of a qube behind the gateway; name its clients.",
  source: `${TOR}, HIDDEN SERVICE OPTIONS`,
});

const oddFirewall = message("QB773", {
  severity: "error",
  title: "A line of Whonix' firewall that is not plain",
  say: (line: string) => `this is more than a plain setting of the firewall: ${line}`,
  why: "The file is bash, run by root under set -e: it can do anything, and a failing command leaves the qube without firewall rules or without network.",
  fix: "The lines that this compiler writes, and no others. Your own belong into 50_user.conf, where you know of them.",
  source: FIREWALL,
});

const holes = message("QB774", {
  severity: "error",
  title: "A firewall that is open, or shut, where tor is not",
  say: (machine: string, what: string) => `${machine}: ${what}`,
  why: "A port that is open without need is a way in; traffic that Whonix carries without being asked shares circuits with everything else; and a workstation that is not held to its gateway may find another way.",
  fix: "Open exactly the ports on which the tree's own tor listens, and the one that an onion service delivers to; keep transparent proxying off and workstations held to their gateway.",
  source: FIREWALL,
});

const grater = message("QB775", {
  severity: "error",
  title: "A command to Tor's control port that is let through",
  say: (what: string) => `onion-grater lets through ${what}`,
  why: "Through the control port a workstation can learn the gateway's real address or have it publish anything.",
  fix: "ADD_ONION alone, matched whole, with {client-address} as its only target.",
  source: "Whonix/onion-grater",
});

/**
 * The lines of Whonix' firewall files in a gateway and in a workstation: those names alone, and never the value that opens. Of a name that stands
 * twice the last counts, and there are some that let everything through (whonix-firewall etc/whonix_firewall.d/30_whonix_gateway_default.conf).
 */
const PLAIN = {
  gateway: /^(?:WORKSTATION_TRANSPARENT_(?:TCP|DNS)=0|(?:INTERNAL|EXTERNAL)_OPEN_PORTS\+=" [0-9]+ ")$/,
  workstation:
    /^(?:EXTERNAL_OPEN_PORTS\+=" [0-9]+ "|outgoing_allow_ip_list\+=" 10\.152\.152\.10 \$\(qubesdb-read \/qubes-gateway 2>\/dev\/null \|\| true\) ")$/,
  other: /^$/,
} as const;
/** What an onion-grater profile of a tree of this kind consists of. */
const GRATER =
  /^(?:---|- exe-paths:|\s+users:|\s+hosts:|\s+commands:|\s+- '\*'|\s+ADD_ONION:|\s+- pattern: 'NEW:ED25519-V3 (?:PoWDefensesEnabled=1 )?Port=[0-9]+,0\\\.0\\\.0\\\.0:[0-9]+'|\s+replacement: 'NEW:ED25519-V3 (?:PoWDefensesEnabled=1 )?Port=[0-9]+,\{client-address\}:[0-9]+ Flags=DiscardPK')$/;

/** What gateways let in and out. */
export function* tor(audit: Audit): Iterable<Diagnostic> {
  for (const landed of audit.facts.landed) {
    if (/\/torrc\.d\//.test(landed.path)) yield* torrc(landed, audit);
    else if (/\/whonix_firewall\.d\//.test(landed.path))
      yield* lines(landed, PLAIN[audit.machine.osOf(landed.machine)], oddFirewall.at, audit);
    else if (/\/onion-grater-merger\.d\//.test(landed.path)) yield* lines(landed, GRATER, grater.at, audit);
  }
  for (const { name } of audit.machine.ours) yield* firewall(name, audit);
}

function* lines(
  { origin, text = "" }: Landed,
  plain: RegExp,
  at: (span: ReturnType<typeof placeIn>, line: string) => Diagnostic,
  { facts }: Audit,
): Iterable<Diagnostic> {
  for (const [index, line] of text.split("\n").entries())
    if (line !== "" && !/^\s*#/.test(line) && !plain.test(line))
      yield at(placeIn(facts.tree, { file: origin, line: index + 1 }), line.trim());
}

/** The SocksPorts by which programs of qubes behind a gateway are told to reach onion services alone. */
function onionPorts(gateway: string, { facts, machine }: Audit): Set<string> {
  const behind = new Set(machine.ours.filter(({ name }) => netvmOf(name, facts) === gateway).map(({ name }) => name));
  const texts = facts.landed.filter((one) => behind.has(one.machine) && /(?:^|\n)onlynet=onion\n/.test(one.text ?? ""));
  return new Set(
    texts.flatMap(({ text = "" }) =>
      [...text.matchAll(/^(?:onion|proxy)=10\.152\.152\.10:([0-9]+)/gm)].map(([, port = ""]) => port),
    ),
  );
}

function* torrc(landed: Landed, audit: Audit): Iterable<Diagnostic> {
  const { facts, reach } = audit;
  const { text = "", origin, machine } = landed;
  const at = (line: string) =>
    placeIn(facts.tree, { file: origin, line: text.split("\n").indexOf(line.split("\n")[0] ?? "") + 1 || 1 });
  const { socksPorts, services, odd } = readTorrc(text);
  for (const line of odd) yield oddTorrc.at(at(line), line);
  const onlyOnion = onionPorts(machine, audit);
  for (const line of socksPorts) {
    const [, address = "", port = "", flags = ""] = /^SocksPort ([0-9.]+):([0-9]+)((?: \S+)*)$/.exec(line) ?? [];
    const list = flags.trim().split(" ").filter(Boolean);
    const stock = Number(port) >= STOCK_SOCKS_PORTS.first && Number(port) <= STOCK_SOCKS_PORTS.last;
    if (address !== "0.0.0.0") yield weakPort.at(at(line), line, "it does not listen where its qubes look for it");
    else if (stock) yield weakPort.at(at(line), line, "Whonix has this port already");
    for (const flag of ["IsolateDestAddr", "IsolateDestPort"])
      if (!list.includes(flag)) yield weakPort.at(at(line), line, `${flag} is missing`);
    if (onlyOnion.has(port) && !list.includes("OnionTrafficOnly"))
      yield weakPort.at(at(line), line, "OnionTrafficOnly is missing");
    for (const flag of list)
      if (!["IsolateDestAddr", "IsolateDestPort", "OnionTrafficOnly"].includes(flag))
        yield weakPort.at(at(line), line, `${flag} is not one of the flags that this tree uses`);
  }
  const ends = new Set(reach.doors.filter(({ client }) => client === machine).map(({ local }) => `127.0.0.1:${local}`));
  const pinned = new Set(
    audit.machine.ours
      .filter(({ name }) => netvmOf(name, facts) === machine)
      .flatMap(({ prefs }) => prefs.get("ip")?.value ?? []),
  );
  for (const { folder, target } of services) {
    const place = at(`HiddenServiceDir ${folder}`);
    if (!ends.has(target) && !pinned.has(target.split(":")[0] ?? ""))
      yield deadEnd.at(place, folder, `ends at ${target}, which is nobody's`);
    if (!/^\/var\/lib\/tor\/[\w-]+$/.test(folder))
      yield deadEnd.at(place, folder, "is kept where Whonix forgets it or tor dies");
    for (const { at: key, why } of keysOf(machine, folder, facts).odd)
      if (key.fun === "file.managed")
        yield deadEnd.at(place, folder, `has a client's file that counts for nothing (${key.name}): ${why}`);
  }
}

function* firewall(name: string, { facts, machine }: Audit): Iterable<Diagnostic> {
  const own = facts.landed.filter((one) => one.machine === name);
  const texts = own.filter(({ path }) => /\/whonix_firewall\.d\//.test(path));
  const text = texts.map((one) => one.text ?? "").join("\n");
  const at = texts[0] ? placeIn(facts.tree, { file: texts[0].origin, line: 1 }) : undefined;
  const ports = (looks: RegExp, of: string) =>
    [...of.matchAll(looks)].map(([, port]) => Number(port)).toSorted((a, b) => a - b);
  const torrcs = own
    .filter(({ path }) => /\/torrc\.d\//.test(path))
    .map((one) => one.text ?? "")
    .join("\n");
  if (machine.osOf(name) === "gateway") {
    const needed = ports(/^SocksPort 0\.0\.0\.0:([0-9]+)/gm, torrcs);
    const open = ports(/^INTERNAL_OPEN_PORTS\+=" ([0-9]+) "$/gm, text);
    for (const port of open)
      if (!needed.includes(port)) yield holes.at(at, name, `port ${port} is open, and tor does not listen there`);
    for (const port of needed)
      if (!open.includes(port)) yield holes.at(at, name, `tor listens on ${port}, and the firewall keeps it shut`);
    const external = ports(/^EXTERNAL_OPEN_PORTS\+=" ([0-9]+) "$/gm, text);
    for (const port of external) yield holes.at(at, name, `port ${port} is open to the outside of a gateway`);
    if (texts.length > 0)
      for (const off of ["WORKSTATION_TRANSPARENT_TCP=0", "WORKSTATION_TRANSPARENT_DNS=0"])
        if (!text.split("\n").includes(off)) yield holes.at(at, name, `${off} is missing`);
  } else if (machine.osOf(name) === "workstation" && typeof netvmOf(name, facts) === "string") {
    if (
      !text.includes(`outgoing_allow_ip_list+=" ${GATEWAY_ADDRESS} `) &&
      facts.roles.has(name) &&
      needsHold(name, facts)
    )
      yield holes.at(at, name, "it is not held to its gateway");
    const gateway = netvmOf(name, facts);
    const delivered = facts.landed
      .filter((one) => one.machine === gateway)
      .map((one) => one.text ?? "")
      .join("\n");
    for (const port of ports(/^EXTERNAL_OPEN_PORTS\+=" ([0-9]+) "$/gm, text))
      if (
        !delivered.includes(`{client-address}:${port} `) &&
        !new RegExp(`^HiddenServicePort [0-9]+ [0-9.]+:${port}$`, "m").test(delivered)
      )
        yield holes.at(at, name, `port ${port} is open, and nothing on its gateway delivers to it`);
  }
}

/** Whether a daemon runs in it: a qube for people (a downloader) goes wherever its user does, through the same gateway. */
function needsHold(name: string, { qubes }: Audit["facts"]): boolean {
  return [...(qubes.get(name)?.services ?? [])].some(
    ([service, { on }]) => on && !/^(?:cups|tinyproxy|meminfo)/.test(service),
  );
}
