// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { settingOf } from "../settings.ts";

const onePort = message("QB523", {
  severity: "error",
  title: "a server would listen twice at one port",
  say: (port: string, name: string, other: string) => `${name} wants port ${port}, which ${other} has already`,
  why: "Fulcrum ends as soon as its node has answered it, at each start, and no wallet is served.",
  says: ["FATAL: Could not bind to 127.0.0.1:8000: The bound address is already in use"],
  fix: (_port, name) => `Give ${name} a port of its own.`,
  source: "Fulcrum src/SrvMgr.cpp, startServers",
});

const upsideDown = message("QB524", {
  severity: "error",
  title: "a server would slow clients down from fewer requests on than it stops to at",
  say: (from: number, below: number) =>
    `clients would be slowed down from ${from} waiting requests on, until there are fewer than ${below}`,
  why: "Fulcrum does not start: the first number is at least the second.",
  says: [
    'Failed to parse "bitcoind_throttle" -- out of range or invalid format. Please specify 3 positive integers in range.',
  ],
  fix: "Swap the two, or leave the key out: 50,20,5.",
  source: "Fulcrum src/Options.cpp, BdReqThrottleParams::isValid",
});

/** Settings that Fulcrum takes one by one, but not together. */
export function* settingsAgree(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    if (qube.role.name !== "fulcrum" || !qube.uses.some((link) => link.service === "rpc")) continue;
    const taken = new Map<string, string>();
    for (const name of ["tcp", "admin", "stats"]) {
      const port = String(settingOf(qube, name) ?? "").split(":")[1];
      if (port === undefined) continue;
      const other = taken.get(port);
      if (other !== undefined) yield finding(onePort, [...qube.path, "settings", name], port, name, other);
      else taken.set(port, name);
    }
    const [from = 0, below = 0] = String(settingOf(qube, "bitcoind_throttle") ?? "")
      .split(",")
      .map(Number);
    if (from < below) yield finding(upsideDown, [...qube.path, "settings", "bitcoind_throttle"], from, below);
  }
}
