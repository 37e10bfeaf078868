// SPDX-License-Identifier: GPL-3.0-or-later
import type { Domain, System } from "../policy/language/system.ts";
import { loadPolicy, type Policy } from "../policy/language/load.ts";
import { STOCK_POLICY } from "../policy/stock.ts";
import type { Facts, QubeFacts } from "./facts.ts";

/** What a qube is made of, as far as its template's name tells. */
type Os = "gateway" | "workstation" | "other";

/**
 * The stock qubes that stand for all others of a machine: each is what a rule of the stock policy tells apart. `personal` has a net qube,
 * `vault` none; sys-whonix and anon-whonix are what Whonix brings along.
 */
const STRANGERS: ReadonlyMap<string, Domain> = new Map([
  ["sys-net", { type: "AppVM", tags: [], running: true }],
  ["sys-firewall", { type: "AppVM", tags: [], running: true }],
  ["personal", { type: "AppVM", tags: [], running: true, defaultDispvm: "default-dvm" }],
  ["vault", { type: "AppVM", tags: [], running: true }],
  ["default-dvm", { type: "AppVM", tags: [], running: true, templateForDispvms: true }],
  ["sys-whonix", { type: "AppVM", tags: ["anon-gateway", "sdwdate-gui-server"], running: true }],
  [
    "anon-whonix",
    { type: "AppVM", tags: ["anon-vm", "sdwdate-gui-client"], running: true, defaultDispvm: "whonix-dvm" },
  ],
  ["whonix-dvm", { type: "AppVM", tags: ["anon-vm", "sdwdate-gui-client"], running: true, templateForDispvms: true }],
]);

/** Tags that the Whonix addon gives again at each start of qubesd, whatever a state removes (qubes-core-admin-addon-whonix qubeswhonix). */
const WHONIX_TAGS: Readonly<Record<Os, readonly string[]>> = {
  gateway: ["anon-gateway", "sdwdate-gui-server"],
  workstation: ["anon-vm", "sdwdate-gui-client"],
  other: [],
};

/** The machine that a tree would make: its qubes among those of a stock one, and the policy that would be in force. */
export interface Machine {
  readonly system: System;
  readonly policy: Policy;
  /** Our qubes (no templates), by name. */
  readonly ours: readonly QubeFacts[];
  readonly strangers: readonly string[];
  /** Whether the machine's own policy is what is restated here of the stock files, not files that were given. */
  readonly restated: boolean;
  osOf(name: string): Os;
}

/** Puts a tree onto a stock machine, or onto one whose policy files are given. All qubes run, so that nothing is denied for being halted. */
export function machineOf(facts: Facts, policies: ReadonlyMap<string, string> = STOCK_POLICY): Machine {
  const osOf = (name: string): Os => osByTemplate(name, facts.qubes);
  const system = new Map<string, Domain>();
  const strangers = new Map([...STRANGERS, ...netQubesOf(facts)].filter(([name]) => !facts.qubes.has(name)));
  for (const [name, domain] of strangers) system.set(name, domain);
  for (const qube of facts.qubes.values()) system.set(qube.name, domainOf(qube, osOf(qube.name)));
  const files = new Map(policies);
  for (const [path, { text }] of facts.policies) if (text !== undefined) files.set(path, text);
  return {
    system,
    policy: loadPolicy(files),
    ours: [...facts.qubes.values()].filter(({ klass }) => klass !== "TemplateVM"),
    strangers: [...strangers.keys()],
    restated: policies === STOCK_POLICY,
    osOf,
  };
}

/** Net qubes that the states name and do not make: they must be there. */
function netQubesOf({ qubes }: Facts): [string, Domain][] {
  const named = [...qubes.values()].flatMap(({ prefs }) => prefs.get("netvm")?.value ?? []);
  return named
    .map(String)
    .filter((name) => !STRANGERS.has(name))
    .map((name) => [name, { type: "AppVM", tags: [], running: true }]);
}

function osByTemplate(name: string, qubes: ReadonlyMap<string, QubeFacts>): Os {
  const seen = new Set<string>();
  for (let at: string | undefined = name; at !== undefined && !seen.has(at); at = qubes.get(at)?.template) {
    seen.add(at);
    if (/^(?:whonix-(?:gateway|gw)-|sys-whonix$)/.test(at)) return "gateway";
    if (/^(?:whonix-(?:workstation|ws)-|anon-whonix$)/.test(at)) return "workstation";
  }
  return "other";
}

function domainOf(qube: QubeFacts, os: Os): Domain {
  const dispvm = qube.prefs.get("default_dispvm");
  const template = qube.klass === "TemplateVM";
  const updates = template && os !== "other" ? ["whonix-updatevm"] : [];
  return {
    type: qube.klass as Domain["type"],
    tags: [...new Set([...qube.tags.keys(), ...updates, ...(template ? [] : WHONIX_TAGS[os])])],
    running: true,
    templateForDispvms: qube.prefs.get("template_for_dispvms")?.value === true,
    // A qube that no state keeps from it has the machine's default, and Whonix gives its own qubes another.
    ...(dispvm === undefined && !template && { defaultDispvm: os === "other" ? "default-dvm" : "whonix-dvm" }),
    ...(typeof dispvm?.value === "string" && { defaultDispvm: dispvm.value }),
  };
}
