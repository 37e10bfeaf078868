// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { netvmOf } from "../accepted.ts";
import type { Landed } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { hostsOf } from "../held.ts";

const elsewhere = message("QB843", {
  severity: "error",
  title: "A file that says where a port leads, and it is not certain where",
  say: (machine: string, what: string) => `${machine}: ${what}`,
  why: "What clients send to this port goes to whatever HOST says. A name that is no onion service is dialled through an exit, which sees and may change all of it; an address that dom0's firewall does not name is another's machine.",
  fix: "HOST=, PORT= and SOCKS= once each: an onion service by the gateway's port for onion services, or the address and port that dom0's firewall lets through.",
  source: "systemd.exec(5), EnvironmentFile; Whonix documentation, stream isolation",
});

/** Where the ports of a server elsewhere lead: to one onion service, or to the one address that dom0's firewall names. */
export function* forwarded(audit: Audit): Iterable<Diagnostic> {
  for (const landed of audit.facts.landed) {
    if (!landed.path.endsWith(".env")) continue;
    for (const [line, what] of odd(landed, audit))
      yield elsewhere.at(placeIn(audit.facts.tree, { file: landed.origin, line }), landed.machine, what);
  }
}

function* odd({ machine, text = "" }: Landed, { facts }: Audit): Iterable<[number, string]> {
  const said = new Map<string, { value: string; line: number }>();
  for (const [at, line] of text.split("\n").entries()) {
    // A comment that ends in \ goes on in the next line (systemd src/basic/env-file.c).
    if (line === "" || /^#[^\r]*[^\\\r]$|^#$/.test(line)) continue;
    const [, key = "", value = ""] = /^(HOST|PORT|SOCKS)=([a-z0-9.]+)$/.exec(line) ?? [];
    if (key === "") yield [at + 1, `a line that the audit does not know: ${line}`];
    else if (said.has(key)) yield [at + 1, `${key} stands twice`];
    else said.set(key, { value, line: at + 1 });
  }
  // Comments alone lead nowhere.
  if (said.size === 0) return;
  const [host, port, socks] = ["HOST", "PORT", "SOCKS"].map((key) => said.get(key));
  if (!host || !port || !/^[0-9]{1,5}$/.test(port.value)) yield [1, "it does not say where the port leads"];
  else if (socks) {
    if (!/^[a-z2-7]{55}d\.onion$/.test(host.value)) yield [host.line, `${host.value} is no onion service`];
    if (!onionPorts(netvmOf(machine, facts), facts).has(socks.value))
      yield [socks.line, `${socks.value} is no port of its gateway that is for onion services`];
  } else if (!hostsOf(machine, facts).some(({ address }) => address === `${host.value}:${port.value}`))
    yield [host.line, `dom0's firewall does not name ${host.value}:${port.value}`];
}

/** Whonix' own ports that isolate by destination, which a gateway with `socks: stock` leaves its qubes to (anon-gw-anonymizer-config, 9180 to 9189). */
const STOCK = Array.from({ length: 10 }, (_, at) => String(9180 + at));

/** A gateway's SocksPorts for onion services alone; where the tree gives it none, stock ones. */
function onionPorts(gateway: string | null | undefined, { landedIn }: Audit["facts"]): ReadonlySet<string> {
  const texts = (landedIn.get(gateway ?? "") ?? []).filter(({ path }) => path.includes("/torrc.d/"));
  const own = texts.flatMap(({ text = "" }) =>
    [...text.matchAll(/^SocksPort 0\.0\.0\.0:([0-9]+)(?: \w+)* OnionTrafficOnly(?: \w+)*$/gm)].map(
      ([, port = ""]) => port,
    ),
  );
  return new Set(own.length > 0 ? own : STOCK);
}
