// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { isNode, ownOf } from "../own.ts";

const throughExits = message("QB558", {
  severity: "error",
  title: "a node also has peers through Tor exits, without a reason",
  say: (name: string) => `"${name}" would also reach peers through Tor exits (tor: onion-preferred)`,
  why: "The connections to such peers end at exit relays, which see that a node is behind them and may read, delay or drop what they carry; whoever runs some of them sees part of what this node knows and sends.",
  fix: "Remove the key: onion-only is the default. Or give the reason: because: { tor: … }.",
  source: "Bitcoin Core doc/tor.md; Biryukov and Pustogarov, Bitcoin over Tor isn't a good idea",
});

/** A node keeps to onion services, unless somebody means it otherwise. */
export function* onionOnly(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    if (!isNode(qube) || ownOf(qube).tor !== "onion-preferred") continue;
    yield { ...finding(throughExits, [...qube.path, "tor"], qube.name), unless: { qube, key: "tor" } };
  }
}
