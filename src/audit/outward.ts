// SPDX-License-Identifier: GPL-3.0-or-later
import { netvmOf } from "./accepted.ts";
import type { Audit } from "./finding.ts";
import { hostsOf, isHeld } from "./held.ts";
import type { Place } from "./states.ts";
import { openedPorts, TOR, type Way } from "./ways.ts";

/** The networks outside of the machine, but for Tor: the LAN and the Internet. No qube can be called so. */
export const CLEARNET = "the clearnet";

/** Why a network is out of reach, or cannot reach in, and what makes it so. */
export interface Denied {
  readonly why: string;
  /** The policy line or the state that closes it; absent where nothing says anything, which denies. */
  readonly by?: Place;
  /** The lines that answer: a call by name, and, where it is another, one that names no qube. */
  readonly lines?: readonly (Place & { readonly text: string })[];
}

/** Where a qube's traffic goes: the qubes that it goes through, one behind the other, and where that ends. */
interface Route {
  readonly ends: "nowhere" | "unsaid" | "tor" | "clear";
  readonly through: readonly string[];
  readonly by: Place;
}

function routeOf(name: string, { facts, machine }: Audit): Route {
  const own = facts.qubes.get(name);
  const state = own?.prefs.get("netvm")?.at ?? own?.at;
  const by = { file: state?.file ?? "", line: state?.line ?? 0 };
  const through: string[] = [];
  for (let at = name; ;) {
    const netvm = netvmOf(at, facts);
    if (netvm === null) return { ends: "nowhere", through, by };
    // A stock qube's own net qube is not told, and Qubes' own all lead to the clearnet.
    if (netvm === undefined || through.includes(netvm))
      return { ends: through.length > 0 ? "clear" : "unsaid", through, by };
    through.push(netvm);
    if (machine.osOf(netvm) === "gateway") return { ends: "tor", through, by };
    at = netvm;
  }
}

/** What a qube of ours reaches outside of the machine, by either network. */
export function* outward(name: string, audit: Audit): Iterable<Way> {
  const { facts, machine } = audit;
  const { ends, through, by } = routeOf(name, audit);
  const way = (to: string, what: string, at: Place = by): Way => ({ from: name, to, kind: "network", what, by: at });
  if (ends === "nowhere") return;
  if (machine.osOf(name) === "gateway") {
    // That it is tor's alone is the gateway's own doing (whonix-firewall whonix-gateway-firewall, output): whoever is root in it can change it.
    yield way(CLEARNET, "its own tor's connections to Tor; all else only its own firewall keeps in");
    return;
  }
  if (ends === "unsaid") yield way(CLEARNET, "whatever the net qube lets out that you give it: no state says which");
  else if (ends === "tor") yield way(TOR, `what Tor carries, through ${through.join(" and ")}`);
  else if (isHeld(name, facts))
    for (const { address, ...at } of hostsOf(name, facts)) yield way(CLEARNET, `${address} alone`, at);
  else yield way(CLEARNET, `everything that ${through.join(" and ")} lets out`);
}

/** Why a qube does not reach one of the networks. */
export function outwardDenied(name: string, to: string, audit: Audit): Denied {
  const { ends, through, by } = routeOf(name, audit);
  const [first = ""] = through;
  if (ends === "nowhere")
    return { why: through.length > 0 ? `${through.at(-1)} has no net qube` : "it has no net qube", by };
  if (to === TOR)
    return {
      why: `its net qube ${first === "" ? "is not named, and none" : `${first} is no gateway, nor is one`} behind it`,
      by,
    };
  // whonix-firewall whonix-gateway-firewall: the chain forward rejects all; tor alone carries what the SocksPorts take.
  return { why: `${through.at(-1)} forwards nothing: what it takes goes out by Tor or not at all`, by };
}

/** Why nothing from outside finds its way in: there is no net qube, or none that forwards (qubes-core-agent-linux network/qubes-ipv4.nft, chain forward). */
export function inwardDenied(name: string, from: string, audit: Audit): Denied {
  const { ends, by } = routeOf(name, audit);
  if (ends === "nowhere")
    return { why: `it has no net qube${from === TOR ? ", and no onion service leads to it" : ""}`, by };
  return {
    why: from === TOR ? "no onion service leads to it" : "no net qube lets connections from outside through to a qube",
    by,
  };
}

/** What the net qube of a qube reaches in it: the ports that the qube's own firewall opens. */
export function* fromGateway(name: string, audit: Audit): Iterable<Way> {
  const { facts, machine } = audit;
  const netvm = netvmOf(name, facts);
  if (typeof netvm !== "string" || machine.osOf(netvm) !== "gateway" || machine.osOf(name) === "gateway") return;
  for (const { port, file, line } of openedPorts(name, audit))
    yield { from: netvm, to: name, kind: "network", what: `port ${port}, by network`, port, by: { file, line } };
}
