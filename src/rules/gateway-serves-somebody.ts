// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const idle = message("QB409", {
  severity: "warning",
  title: "a gateway serves nobody",
  say: (name: string) => `no qube stands behind "${name}"`,
  why: "It would cost memory and run Tor for nothing.",
  fix: (name) => `Remove it, or let a qube name it: netvm: ${name}.`,
});

/** A gateway has a qube behind it, or exposes one, or at least the updates of our templates. */
export function* gatewayServesSomebody(model: Model): Iterable<Finding> {
  if (!model.complete) return;
  for (const qube of model.qubes) {
    if (qube.role.providesNetwork && qube.behind.length === 0 && qube.uses.length === 0 && model.updates !== qube) {
      yield { ...finding(idle, qube.path, qube.name), part: "key" };
    }
  }
}
