// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { didYouMean } from "../kernel/suggest.ts";

export const noSuchQube = message("QB301", {
  severity: "error",
  title: "a name refers to no qube",
  say: (name: string, known: readonly string[]) => `there is no qube "${name}"${didYouMean(name, known)}`,
  why: "Qubes would refuse the name, or take another qube for it, only when the states are applied.",
  fix: (_name, known) =>
    `Name one of: ${known.join(", ")}. A qube that exists already and is not made here is declared under \`external:\`.`,
});

export const wrongRole = message("QB302", {
  severity: "error",
  title: "a name refers to a qube of the wrong role",
  say: (name: string, is: string, needs: string) => `"${name}" is ${is}, but ${needs} is needed here`,
  why: "The other end would not speak the protocol that this qube expects.",
  fix: (_name, _is, needs) => `Name ${needs}.`,
});

export const notAnUplink = message("QB309", {
  severity: "error",
  title: "a net qube does not lead to where a qube must go",
  say: (name: string, is: string) => `"${name}" is ${is}, but a net qube that is not Whonix is needed here`,
  why: "A gateway's own Tor needs the plain network, and Tor does not lead to addresses of your own network.",
  fix: "Name sys-firewall, or a net qube of yours that is declared under `external:`.",
});

export const netvmLoop = message("QB303", {
  severity: "error",
  title: "net qubes form a loop",
  say: (names: readonly string[]) => `the net qubes form a loop: ${names.join(" → ")}`,
  why: "No packet would ever leave, and qubesd refuses the last of these settings, leaving the others half done.",
  fix: "Let one of them use a net qube outside of the loop, sys-firewall for a gateway.",
  source: "qubes-core-admin qubes/vm/mix/net.py",
});

export const torOverTor = message("QB304", {
  severity: "error",
  title: "a gateway stands behind another Whonix gateway",
  say: (name: string) => `"${name}" is itself a Whonix gateway`,
  why: "Tor over Tor picks relays twice without knowing of itself: slower, and no more anonymous but possibly less.",
  fix: "Give it a net qube that is not Whonix: sys-firewall, or a VPN qube declared under `external:`.",
  source: "Whonix documentation, Tor over Tor",
});

export const notOurGateway = message("QB305", {
  severity: "error",
  title: "the net qube is not a gateway of this topology",
  say: (name: string) => `"${name}" is not a Whonix gateway that this topology makes`,
  why: "The qube needs a SocksPort and firewall settings of its own on its gateway, and a qube made elsewhere is never changed from here; behind a net qube that is not Whonix it would leave its address in the clear.",
  fix: "Declare a qube with `role: whonix-gateway` and name it here.",
});

export const wayRefused = message("QB306", {
  severity: "error",
  title: "a server elsewhere cannot be reached in this way",
  say: (role: string, over: string, reason: string) => `a ${role} elsewhere is not reached over ${over}: ${reason}`,
  why: "Whoever is on the way would read or command what only your wallets may.",
  fix: (_role, over) => `Reach it over ${over === "lan" ? "onion, as an onion service of its own" : "lan"}.`,
  source: "the seed's FAQ; Bitcoin Core doc/JSON-RPC-interface.md, security",
});

export const notElsewhere = message("QB307", {
  severity: "error",
  title: "a key has no meaning for a server that is elsewhere",
  say: (key: string) => `"${key}" has no meaning where the server is elsewhere`,
  why: "This qube only forwards; how the server is set up is decided where it runs.",
  fix: "Remove the key, and set it there.",
});

export const notServedThere = message("QB308", {
  severity: "error",
  title: "a server elsewhere does not offer what a qube needs of it",
  say: (server: string, service: string, client: string) =>
    `a ${client} needs the ${service} of "${server}", which is elsewhere and not forwarded`,
  why: "An Electrum server reads every block of its node and hears of new ones by ZMQ, which has no password: through Tor its index would take months.",
  fix: "Run the Electrum server beside its node, and write remote: for a qube of role fulcrum.",
  source: "Fulcrum README, requirements; Bitcoin Core doc/zmq.md, security warning",
});
