// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { isServer, ownOf } from "../own.ts";

const undecided = message("QB556", {
  severity: "error",
  title: "it is not said, or said twice, who may use an onion service",
  say: (name: string, both: boolean) =>
    both ? `"${name}" is for some clients and for everybody at once` : `it is not said who may use "${name}"`,
  why: "With keys of clients, nobody else can so much as find the service; without, whoever learns its address can use it. tor takes a service without keys for one that is open to all.",
  fix: "Name the clients, each with its public key: clients: { phone: KEY }. A phone app such as Orbot shows one. With openssl: openssl genpkey -algorithm x25519 -outform DER -out onion-auth.key, and the public half is openssl pkey -inform DER -in onion-auth.key -pubout -outform DER | tail -c 32 | base32 | tr -d =. Or write public: true, with a reason.",
  source: "tor(1), CLIENT AUTHORIZATION",
});

const open = message("QB557", {
  severity: "error",
  title: "an Electrum server is open to everybody who knows its address, without a reason",
  say: (name: string) => `whoever knows the onion address of "${name}" can use it (public)`,
  why: "Strangers make it work and fill its memory, which are those of your own wallets too, and each of their connections is a call that dom0 decides; who else uses it cannot be told apart. An address gets around: it stands in every wallet that was ever told it.",
  fix: "Name the clients instead: clients: { phone: KEY }. Or give the reason: because: { public: … }.",
  source: "Fulcrum doc/fulcrum-example-config.conf; tor(1), CLIENT AUTHORIZATION",
});

const oneKey = message("QB560", {
  severity: "error",
  title: "two clients of an onion service have one key",
  say: (client: string, other: string) => `"${client}" has the key of "${other}"`,
  why: "Whoever takes one of them out of the topology would believe that its device can no longer connect; it still could, as the other.",
  fix: "Let each device make a key pair of its own, as the runbook says.",
});

const privateHalf = message("QB561", {
  severity: "note",
  title: "a key may be the private half of a pair",
  say: (client: string) => `the key of "${client}" may be the private half of its pair`,
  why: "Whoever has the private half can connect as this client, and a topology is no secret. The client itself could not: tor would take it for somebody else's public key.",
  fix: "If it is the private one, let the device make a new pair and never use this one again. If you know that it is the public one, nothing: one in sixteen looks so.",
  source: "RFC 7748, section 5: which bits of a private key are set",
});

/** It is decided who may use a server from elsewhere. */
export function* whoMayUseIt(model: Model): Iterable<Finding> {
  for (const qube of model.qubes.filter(isServer)) {
    const { onion } = ownOf(qube);
    if (!onion) continue;
    const path = [...qube.path, "onion"];
    const everybody = onion.public === true;
    if (everybody === (onion.clients !== undefined))
      yield { ...finding(undecided, path, qube.name, everybody), part: "key" };
    else if (everybody)
      yield { ...finding(open, [...path, "public"], qube.name), part: "key", unless: { qube, key: "public" } };
    const seen = new Map<string, string>();
    for (const [client, key] of Object.entries(onion.clients ?? {})) {
      const other = seen.get(key);
      if (other !== undefined) yield finding(oneKey, [...path, "clients", client], client, other);
      if (looksPrivate(key)) yield finding(privateHalf, [...path, "clients", client], client);
      seen.set(key, client);
    }
  }
}

/** Private keys are made with the lowest three bits of their first byte 0 and the second-highest of the last 1, by openssl as by tor. */
function looksPrivate(key: string): boolean {
  const digit = (at: number) => DIGITS.indexOf(key.charAt(at));
  return digit(1) >> 2 === 0 && (digit(49) & 1) === 1;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
