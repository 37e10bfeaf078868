// SPDX-License-Identifier: GPL-3.0-or-later
import { finding, type Finding } from "../../model/finding.ts";
import type { Model } from "../../model/model.ts";
import { upstream } from "../../model/order.ts";
import { remoteOf } from "../../model/remote.ts";
import type { Rule } from "../../model/role.ts";
import * as say from "./messages.ts";
import { forwardsOf } from "./own.ts";
import { isOnionAddress } from "../../topology/onion-address.ts";

/** The host can be reached in the way that is named, and is what it seems. */
function* hostsFit(model: Model): Iterable<Finding> {
  for (const { remote, path, qube } of remotes(model)) {
    const { host, over } = remote;
    const place = [...path, "host"];
    const onion = host.endsWith(".onion");
    if (onion !== (over === "onion")) yield finding(say.wrongKindOfHost, place, host, over);
    else if (onion && !isOnionAddress(host)) yield finding(say.badOnion, place, host);
    else if (!onion && !isOnYourNetwork(host)) yield finding(say.notOnYourNetwork, place, host);
    const netvm = qube.netvm?.name;
    if (over === "lan" && netvm !== undefined && netvm !== "sys-firewall")
      yield finding(say.whoseFirewall, [...qube.path, "netvm"], netvm);
  }
}

/** What proves who is who is there where it is needed, and nowhere else. */
function* proofsFit(model: Model): Iterable<Finding> {
  for (const { remote, path, qube } of remotes(model)) {
    const { over, tls, auth } = remote;
    const { name } = qube.role;
    const speaksTls = name === "fulcrum";
    if (tls && !speaksTls) yield { ...finding(say.uselessTls, [...path, "tls"], name), part: "key" };
    else if (tls && over === "onion") yield { ...finding(say.needlessTls, [...path, "tls"]), part: "key" };
    else if (!tls && over === "lan") yield finding(say.noTls, [...path, "over"]);
    if (auth && over === "lan") yield { ...finding(say.uselessAuth, [...path, "auth"]), part: "key" };
    if (!auth && over === "onion" && name !== "joinmarketd")
      yield { ...finding(say.noKeyAsked, [...path, "over"], qube.name) };
    if (!auth && name === "joinmarketd") yield { ...finding(say.noAuth, [...path, "auth"]), part: "key" };
    if (forwardsOf(qube).some(({ port }) => port < 1)) yield finding(say.portTooLow, [...path, "port"], remote.port);
  }
}

/** The gateway that holds the key to a daemon without a password serves its forwarder alone. */
function* locksHold(model: Model): Iterable<Finding> {
  for (const { remote, qube } of remotes(model)) {
    if (!remote.auth || qube.role.name !== "joinmarketd") continue;
    const others = (upstream(qube)?.behind ?? []).filter((one) => one !== qube).map(({ name }) => name);
    if (others.length > 0)
      yield {
        ...finding(say.sharedGateway, [...qube.path, "netvm"], qube.name, others.toSorted()),
        unless: { qube, key: "shared-gateway" },
      };
  }
}

/** Of a wallet's servers the first alone may speak TLS. */
function* onePin(model: Model): Iterable<Finding> {
  for (const { client, server, service, key } of model.links) {
    if (service === "electrum" && key !== "server" && remoteOf(server)?.tls)
      yield { ...finding(say.onePinOnly, [...client.path, key], server.name), part: "key" };
  }
}

/** What must hold of servers elsewhere. */
export const remoteRules: readonly Rule[] = [hostsFit, proofsFit, onePin, locksHold];

function* remotes(model: Model) {
  for (const qube of model.qubes) {
    const remote = remoteOf(qube);
    if (remote) yield { qube, remote, path: [...qube.path, "remote"] };
  }
}

/** A private address that is not the machine's own, in the one way of writing it. */
function isOnYourNetwork(host: string): boolean {
  const parts = host.split(".").map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const plain = host === parts.join(".") && d !== 0 && d !== 255;
  const qubes = a === 10 && ((b >= 137 && b <= 139) || (b === 152 && c === 152));
  return plain && !qubes && (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168));
}
