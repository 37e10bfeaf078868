// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model, Qube } from "../../../model/model.ts";
import { isNode, ownOf } from "../own.ts";

const onlyStatic = message("QB550", {
  severity: "error",
  title: "a key has no meaning for an onion service whose address changes",
  say: (key: string) => `"${key}" has no meaning with p2p: ephemeral`,
  why: "bitcoind asks for such a service anew at every start, with a new key and address; nothing of it can be set beforehand.",
  fix: (key) => `Remove ${key}, or write p2p: static.`,
  source: "Bitcoin Core doc/tor.md",
});

const ipMissing = message("QB551", {
  severity: "error",
  title: "a node is reached by network and has no address that stays",
  say: () => "via: network needs the address of the qube (ip)",
  why: "The gateway's file names the address to which connections go; Qubes chooses another when the qube is made anew, and the service would lead nowhere, or to another qube.",
  fix: "Add ip: 10.137.200.1, or the like. Or remove via: over qrexec no address is needed.",
  source: "qubes-core-admin qubes/vm/mix/net.py, ip",
});

const ipUnused = message("QB552", {
  severity: "error",
  title: "an address is given to a node that is not reached by network",
  say: () => "an ip has no meaning without via: network",
  why: "Over qrexec, which is the default, the gateway needs no address of the node; the key would do nothing.",
  fix: "Remove ip, or add via: network.",
});

const sameIp = message("QB553", {
  severity: "error",
  title: "two qubes are given one address",
  say: (ip: string, other: string) => `${ip} is the address of "${other}" too`,
  why: "Qubes takes both; the gateway then sends what is for one to whichever came up last.",
  fix: "Give one of them another address.",
  source: "qubes-core-admin qubes/vm/mix/net.py, ip",
});

const givenOut = message("QB554", {
  severity: "error",
  title: "an address may be another qube's",
  say: (ip: string) => `${ip} is an address that Qubes may give to another qube, or none that a qube can have`,
  why: "Qubes numbers its qubes and gives each the address of its number, from 10.137.0.1 to 10.137.39.254; two qubes with one address take each other's connections.",
  fix: "Choose one from 10.137.40.1 to 10.137.255.254 whose last number is neither 0 nor 255.",
  source: "qubes-core-admin qubes/vm/mix/net.py, vmid_to_ipv4; qubes/config.py, max_qid",
});

const sameAddress = message("QB555", {
  severity: "error",
  title: "two nodes tell peers one onion address",
  say: (other: string) => `this is the address of "${other}" too`,
  why: "Each onion service has a key and an address of its own: peers of one of the two would be sent to the other, and the two be known for the same owner's.",
  fix: "Read the address of this node's own service on its gateway, as the runbook says.",
});

const unknownYet = message("QB559", {
  severity: "note",
  title: "a node's onion address is not known yet",
  say: (name: string) => `peers are not told of the onion service of "${name}" yet`,
  why: "Its address is made on the gateway, at the first apply. Until the topology has it, the node announces none, and only those find it to whom you give it.",
  fix: "Apply, read the address as the runbook says, and add it: onion: { p2p: static, address: … }. Or leave it out, if nobody else shall know.",
  source: "bitcoind -help, -externalip",
});

/** What a topology says of a node's onion service fits together, and no address belongs to two. */
export function* onionFits(model: Model): Iterable<Finding> {
  const ips = new Map<string, Qube>();
  const addresses = new Map<string, Qube>();
  for (const qube of model.qubes.filter(isNode)) {
    const { onion } = ownOf(qube);
    if (!onion) continue;
    const at = (key: string) => [...qube.path, "onion", key];
    const { p2p, via, ip, address } = onion;
    if (p2p === "ephemeral") {
      for (const key of ["address", "via", "ip", "pow"] as const)
        if (onion[key] !== undefined) yield { ...finding(onlyStatic, at(key), key), part: "key" };
      continue;
    }
    if (via === "network" && ip === undefined) yield finding(ipMissing, at("via"));
    if (via !== "network" && ip !== undefined) yield { ...finding(ipUnused, at("ip")), part: "key" };
    if (via === "network" && ip !== undefined) {
      const [, , third = 0, last = 0] = ip.split(".").map(Number);
      if (third < 40 || last === 0 || last === 255) yield finding(givenOut, at("ip"), ip);
      const other = ips.get(ip);
      if (other) yield finding(sameIp, at("ip"), ip, other.name);
      ips.set(ip, qube);
    }
    if (address === undefined) yield { ...finding(unknownYet, [...qube.path, "onion"], qube.name), part: "key" };
    else {
      const other = addresses.get(address);
      if (other) yield finding(sameAddress, at("address"), other.name);
      addresses.set(address, qube);
    }
  }
}
