// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { roles } from "../../roles/index.ts";
import { netvmOf } from "../accepted.ts";
import type { Facts, QubeFacts } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { isHeld } from "../held.ts";
import type { StateCall } from "../states.ts";

const PREFS = "qubes-core-admin qubes/vm/mix/net.py";

const online = message("QB730", {
  severity: "error",
  title: "A qube that must not have a network has one",
  say: (name: string, netvm: string) => `${name} has the net qube ${netvm}`,
  why: "Keys, or an index of what a wallet asks about, lie in a qube whose every byte leaves by a declared link alone. A net qube is a way around all of them.",
  fix: "netvm: none",
  source: PREFS,
});

const unsaid = message("QB731", {
  severity: "error",
  title: "No state says which net qube a qube has",
  say: (name: string) => `${name} keeps whatever net qube the machine gives new qubes`,
  why: "The machine's default is often sys-firewall (no Tor) or sys-whonix, and Whonix' addon sets another for its own templates.",
  fix: "Set netvm for it in a state of its own, right after it was made.",
  source: "qubes-core-admin-addon-whonix; qubes-core-admin qubes/vm/mix/net.py",
});

const clear = message("QB732", {
  severity: "error",
  title: "A qube that reaches the network without Tor",
  say: (name: string, netvm: string) => `${name} goes out through ${netvm}, which is no Whonix gateway`,
  why: "Whoever carries its traffic sees that Bitcoin runs here, and with whom it talks.",
  fix: "Give it a Whonix gateway as net qube; or, where the topology means a server on the LAN, let dom0's firewall name that one address.",
  source: "Whonix documentation; the original guides",
});

const torOverTor = message("QB733", {
  severity: "error",
  title: "Tor over Tor",
  say: (name: string, netvm: string) => `the gateway ${name} has the gateway ${netvm} as net qube`,
  why: "Circuits through circuits are slow, and make a user easier to tell from others.",
  fix: "netvm: sys-firewall",
  source: "Tor FAQ; Whonix documentation",
});

const disposable = message("QB734", {
  severity: "error",
  title: "A qube may start a disposable",
  say: (name: string, what: string) => `${name} ${what}`,
  why: "A disposable comes up with a net qube of its own: what its user, or whoever took the qube over, opens in it leaves the machine.",
  fix: "default_dispvm: none",
  source: "qubes-core-admin qubes/vm/mix/dvmtemplate.py",
});

const provides = message("QB735", {
  severity: "error",
  title: "A qube that offers network and is no gateway",
  say: (name: string) => `${name} provides network`,
  why: "Any qube could be given it as net qube, and would go out by it.",
  fix: "provides-network: false",
  source: PREFS,
});

const service = message("QB736", {
  severity: "error",
  title: "A service that opens another way out",
  say: (name: string, service: string) => `${name} has the service ${service} switched on`,
  why: "It sends traffic, or takes it, by a way that no link declares.",
  fix: "Leave it out, or disable it.",
  source: "Qubes documentation, qvm-service",
});

/** Stock services by which a qube fetches updates, sets the clock of others, or configures a network of its own. */
const WAYS_OUT = [
  "updates-proxy-setup",
  "yum-proxy-setup",
  "qubes-updates-proxy",
  "clocksync",
  "network-manager",
  "qubes-network",
];

/** Which qubes have a network, and whose. */
export function* networks({ facts, machine }: Audit): Iterable<Diagnostic> {
  const at = (state: StateCall) => placeIn(facts.tree, state);
  for (const qube of machine.ours) {
    const { name } = qube;
    const netvm = netvmOf(name, facts);
    const by = qube.prefs.get("netvm")?.at ?? qube.at;
    const os = machine.osOf(name);
    if (netvm === undefined && qube.made && !leftToUser(qube)) yield unsaid.at(at(by), name);
    if (typeof netvm === "string") {
      const carrier = machine.osOf(netvm);
      if (isOffline(name, facts)) yield online.at(at(by), name, netvm);
      else if (os === "gateway" && carrier === "gateway") yield torOverTor.at(at(by), name, netvm);
      else if (os !== "gateway" && carrier !== "gateway" && !isHeld(name, facts)) yield clear.at(at(by), name, netvm);
    }
    const dispvm = qube.prefs.get("default_dispvm");
    if (dispvm === undefined && qube.made)
      yield disposable.at(at(qube.at), name, "keeps the machine's default disposable");
    else if (dispvm !== undefined && dispvm.value !== null)
      yield disposable.at(at(dispvm.at), name, `may start a disposable of ${String(dispvm.value)}`);
    const gives = qube.prefs.get("provides_network");
    if (gives?.value === true && os !== "gateway") yield provides.at(at(gives.at), name);
    for (const [one, { on, at: state }] of qube.services)
      if (on && WAYS_OUT.includes(one)) yield service.at(at(state), name, one);
  }
}

/** A role whose qubes never have a net qube, unless its server is elsewhere and the qube only forwards. */
function isOffline(name: string, { roles: claimed, landed, qubes }: Facts): boolean {
  const role = roles.find((one) => one.name === claimed.get(name));
  if (!role || role.netvm) return false;
  const template = qubes.get(name)?.template;
  const forwards = landed.some(
    (one) => one.machine === template && /\/[^/]*forward[^/]*\.service$/.test(one.path) && /socat/.test(one.text ?? ""),
  );
  return !(role.elsewhere && forwards);
}

/** A gateway whose bridges come first: its net qube is left to the user, and says so by providing network and being made. */
function leftToUser({ prefs }: QubeFacts): boolean {
  return prefs.get("provides_network")?.value === true;
}
