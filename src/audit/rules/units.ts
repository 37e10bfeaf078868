// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Landed } from "../facts.ts";
import { lineWith, placeIn, type Audit } from "../finding.ts";

const EXEC = "systemd.exec(5), systemd.resource-control(5)";

const loose = message("QB760", {
  severity: "error",
  title: "A unit that is held less than the others",
  say: (unit: string, what: string) => `${unit}: ${what}`,
  why: "A daemon talks to strangers or to another qube. What its unit does not keep from it, whoever takes it over has.",
  fix: "Put the line back; if the program needs what it forbids, allow just that.",
  source: EXEC,
});

const listens = message("QB761", {
  severity: "error",
  title: "A socket that listens beyond the loopback",
  say: (unit: string, address: string) => `${unit} listens on ${address}`,
  why: "A link is for the programs of its own qube. On another address the qube's network could use it as well.",
  fix: "ListenStream=127.0.0.1:PORT",
  source: "systemd.socket(5)",
});

const ungated = message("QB762", {
  severity: "error",
  title: "A unit that runs in every qube of its template",
  say: (unit: string) => `${unit} waits for no service of its qube`,
  why: "Qubes of one template differ in what dom0 switched on in them; without the condition the unit would run in each, the template included.",
  fix: "ConditionPathExists=/run/qubes-service/NAME",
  source: "qvm-service(1)",
});

const foreignProgram = message("QB763", {
  severity: "error",
  title: "A unit runs what its own user could replace",
  say: (unit: string, program: string) => `${unit} runs ${program}`,
  why: "A program below a home, or in a folder for all, can be changed by the daemon itself: one break-in, and it stays.",
  fix: "Run what is root's: below /usr, or /usr/local/lib.",
  source: "least privilege",
});

const gone = message("QB764", {
  severity: "error",
  title: "A unit that dom0 switches on and no template has",
  say: (name: string, service: string) =>
    `${name} has the service ${service} switched on, and no unit of its template waits for it`,
  why: "What was meant to run there does not, and nothing says so.",
  fix: "Correct the name at one end.",
  source: "qvm-service(1)",
});

const leans = message("QB765", {
  severity: "error",
  title: "A link that needs another link's unit",
  say: (unit: string, other: string) => `${unit} requires ${other}`,
  why: "A connection starts its own socket's service and nothing else. One that requires another link's unit starts that as well, or fails where the other is switched off.",
  fix: "Requires= of its own socket, or none.",
  source: "systemd.unit(5), systemd.socket(5)",
});

/** What every service of a tree like this has, with the beginning of the line that must stand in it. */
const HELD: readonly string[] = [
  "NoNewPrivileges=true",
  "CapabilityBoundingSet=",
  "ProtectSystem=strict",
  "ProtectHome=",
  "PrivateDevices=true",
  "PrivateUsers=true",
  "ProtectKernelTunables=true",
  "ProtectKernelModules=true",
  "ProtectKernelLogs=true",
  "ProtectControlGroups=true",
  "ProtectClock=true",
  "ProtectHostname=true",
  "ProtectProc=invisible",
  "RestrictNamespaces=true",
  "RestrictRealtime=true",
  "RestrictSUIDSGID=true",
  "LockPersonality=true",
  "MemoryDenyWriteExecute=true",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged",
  "RestrictAddressFamilies=",
];

/**
 * What checks and installs programs is root, for it writes what only root may change, and reads what strangers sent. So it has no network, sees the
 * system read-only, and of root's rights keeps those alone by which files get their owner and mode, and by which it looks at signatures as nobody.
 */
const KEEPER: readonly string[] = [
  "PrivateNetwork=true",
  "RestrictAddressFamilies=AF_UNIX",
  "CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_CHOWN CAP_FOWNER CAP_LEASE CAP_SETUID CAP_SETGID",
  "InaccessiblePaths=-/rw/config",
  ...HELD.filter(
    (line) =>
      !/^(?:CapabilityBoundingSet|ProtectHome|PrivateUsers|SystemCallFilter=~|RestrictAddressFamilies)/.test(line),
  ),
];

/** Units run as they should, where they should. */
export function* units({ facts, machine }: Audit): Iterable<Diagnostic> {
  for (const landed of facts.landed) {
    if (!/\/systemd\/system\/[^/]+\.(?:service|socket|path)$/.test(landed.path)) continue;
    const text = landed.text ?? "";
    const unit = landed.path.slice(landed.path.lastIndexOf("/") + 1);
    const at = (looks?: RegExp) =>
      placeIn(facts.tree, { file: landed.origin, line: looks ? lineWith(text, looks) : 1 });
    if (!unit.endsWith("@.service") && !/^ConditionPathExists=\/(?:var\/)?run\/qubes-service\/[\w-]+$/m.test(text))
      yield ungated.at(at(), unit);
    const own = unit.replace(/@?\.service$/, "");
    for (const [line, others = ""] of text.matchAll(/^(?:Requires|BindsTo|Requisite)=(.*)$/gm))
      for (const other of others.split(" "))
        if (unit.endsWith("@.service") && other.endsWith(".socket") && other !== `${own}.socket`)
          yield leans.at(at(new RegExp(escaped(line))), unit, other);
    if (unit.endsWith(".socket")) {
      for (const [line, address = ""] of text.matchAll(/^Listen\w+=(.*)$/gm))
        if (!/^127\.0\.0\.1:[0-9]+$/.test(address)) yield listens.at(at(new RegExp(escaped(line))), unit, address);
    } else if (unit.endsWith(".service") && isKeeper(text) && !/^(?:User|DynamicUser)=/m.test(text)) {
      for (const line of KEEPER) if (!text.split("\n").includes(line)) yield loose.at(at(), unit, `${line} is missing`);
    } else if (unit.endsWith(".service")) yield* held(unit, landed, at);
  }
  for (const { name, template, services } of machine.ours) {
    const waited = facts.landed
      .filter(({ machine: on, path }) => on === template && /\/systemd\/system\//.test(path))
      .map(({ text }) => text ?? "")
      .join("\n");
    const stock = /^(?:cups|cups-browsed|tinyproxy|meminfo-writer|shutdown-idle|sdwdate|whonix|clocksync|qubes-)/;
    for (const [service, { on, at }] of services)
      if (
        on &&
        facts.formula !== undefined &&
        service.startsWith(`${facts.formula}-`) &&
        !stock.test(service) &&
        !waited.includes(`/qubes-service/${service}\n`)
      )
        yield gone.at(placeIn(facts.tree, at), name, service);
  }
}

/** A service of root's that runs a tool of ours, laid down byte for byte by the states, and nothing else. */
export function isKeeper(text: string): boolean {
  const runs = [...text.matchAll(/^Exec\w+=(.*)$/gm)].map(([, one = ""]) => one);
  return runs.length > 0 && runs.every((one) => /^\/usr\/local\/lib\/qwbtc-salt\/[\w-]+(?: [\w-]+)*$/.test(one));
}

function* held(
  unit: string,
  { text = "" }: Landed,
  at: (looks?: RegExp) => ReturnType<typeof placeIn>,
): Iterable<Diagnostic> {
  const lines = text.split("\n");
  for (const line of HELD)
    if (!lines.some((one) => (line.endsWith("=") ? one.startsWith(line) : one === line)))
      yield loose.at(at(), unit, `${line} is missing`);
  const user = /^User=(.*)$/m.exec(text)?.[1];
  const nobody = lines.includes("DynamicUser=true");
  if ((user === undefined && !nobody) || user === "root") yield loose.at(at(/^User=/), unit, "it runs as root");
  const capabilities = /^(?:CapabilityBoundingSet|AmbientCapabilities)=(.+)$/m.exec(text);
  if (capabilities)
    yield loose.at(at(/^(?:CapabilityBoundingSet|AmbientCapabilities)=.+/), unit, `it keeps ${capabilities[1]}`);
  if (!lines.includes("PrivateNetwork=true")) {
    if (!lines.includes("IPAddressDeny=any")) yield loose.at(at(), unit, "no address is denied to it");
    for (const [, allowed = ""] of text.matchAll(/^IPAddressAllow=(.*)$/gm))
      if (/\bany\b|\/0$/.test(allowed)) yield loose.at(at(/^IPAddressAllow=/), unit, `it may reach ${allowed}`);
  }
  for (const [, prefix = "", program = ""] of text.matchAll(/^Exec\w+=([-@:+!|]*)(\S+)/gm)) {
    if (/[+!]/.test(prefix) && !program.startsWith("/usr/local/lib/qwbtc-salt/"))
      yield loose.at(at(/^Exec\w+=[-@:]*[+!]/), unit, `${program} runs with all rights`);
    if (!/^\/usr\/(?:bin|sbin|lib|local\/lib)\//.test(program))
      yield foreignProgram.at(at(new RegExp(escaped(program))), unit, program);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w ]/g, String.raw`\$&`);
}
