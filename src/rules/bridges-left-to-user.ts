// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const direct = message("QB410", {
  severity: "note",
  title: "a gateway connects to Tor without bridges",
  say: (name: string) => `"${name}" connects to Tor directly, without bridges`,
  why: "Whoever watches the line sees that Tor is used. That is the common case, and no secret in most places.",
  fix: "Where it must not be seen, write bridges: by-hand; the runbook then says how to set them before the first connection.",
  source: "Whonix documentation, Bridges",
});

const waits = message("QB411", {
  severity: "note",
  title: "a gateway waits for its bridges",
  say: (name: string) => `"${name}" is made without a net qube and waits for you to set its bridges`,
  why: "Whonix connects as soon as it has a net qube, bridges or not.",
  fix: "Follow the runbook's step for it; until then nothing behind it reaches the network.",
  source: "Whonix documentation, Bridges",
});

/** Says of each gateway whether Tor is used in the open. */
export function* bridgesLeftToUser(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    if (!qube.role.providesNetwork) continue;
    yield { ...finding(qube.role.leftToUser?.(qube) ? waits : direct, qube.path, qube.name), part: "key" };
  }
}
