// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";

const others = message("QB565", {
  severity: "warning",
  title: "qubes that are no nodes may make onion services by the commands of a node",
  say: (gateway: string, asking: readonly string[], rest: readonly string[]) =>
    `"${gateway}" lets ${asking.join(", ")} make an onion service, and with it ${rest.join(", ")}`,
  why: "onion-grater knows hosts, not qubes: whoever stands behind the gateway may use the commands. A program there that is taken over could be reached from outside, at the node's port of its own qube.",
  fix: (_gateway, _asking, rest) =>
    `Give ${rest.join(", ")} another gateway. Or write onion: { p2p: static } at the node: then the gateway makes the service, and needs no commands.`,
  source: "Whonix/onion-grater usr/lib/onion-grater",
});

/** A gateway with a profile of onion-grater serves those alone whose role the profile is for. */
export function* commandsAreForNodes(model: Model): Iterable<Finding> {
  for (const gateway of model.qubes) {
    const asking = gateway.behind.filter((qube) => (qube.role.tor?.(qube).onionGrater ?? []).length > 0);
    const meant = new Set(asking.map((qube) => qube.role));
    const rest = gateway.behind.filter((qube) => !meant.has(qube.role));
    if (asking.length === 0 || rest.length === 0) continue;
    const names = (qubes: typeof rest) => qubes.map(({ name }) => name);
    yield { ...finding(others, gateway.path, gateway.name, names(asking), names(rest)), part: "key" };
  }
}
