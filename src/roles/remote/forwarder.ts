// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Hello } from "../../model/probe.ts";
import type { Role, RunbookParts } from "../../model/role.ts";
import type { Trust } from "../../model/trust.ts";
import { forwardersForward } from "./checks.ts";
import { forwarderLands } from "./lands.ts";
import { elsewhereOf } from "./own.ts";
import { forwarderParts, forwarderTemplate, forwarderTor, type Way } from "./parts.ts";
import { remoteRules } from "./rules.ts";
import { forwarderRunbook, type There } from "./runbook.ts";
import { forwarderTrust } from "./trust.ts";
import { vmDefaults } from "./vm.ts";

/** What differs from one server elsewhere to another. */
interface Server extends Pick<Role, "name" | "summary" | "ended" | "program" | "keys" | "rules"> {
  /** Its ports as clients know them, the first of them at the `port` of the topology's `remote`. */
  readonly services: (qube: Qube) => Readonly<Record<string, number>>;
  /** What a client of such a server could do by it. */
  readonly allows?: Trust["allows"];
  /** Why no other qube should stand behind its gateway. */
  readonly alone?: Trust["alone"];
  /** What its ports answer to. */
  readonly hellos?: (qube: Qube) => Readonly<Record<string, Hello>>;
  /** What to do on its machine, for the runbook. */
  readonly there: (qube: Qube) => There;
}

/** A qube that stands for a server elsewhere: clients find in it what they would find in a qube of the role itself. */
export function forwarder(over: Way, { there, services, hellos, allows, alone, ...server }: Server): Role {
  const shared = {
    ...server,
    services,
    ports: (qube: Qube) => Object.values(services(qube)),
    vm: vmDefaults,
    daemon: true,
    qube: (qube: Qube, { formula }: { readonly formula: string }) => forwarderParts(qube, formula),
    // What its clients need of the server holds wherever it is.
    rules: [...remoteRules, ...(server.rules ?? [])],
    checks: [forwardersForward],
    lands: forwarderLands,
    holds: () => ({ what: "nothing" as const, words: "Nothing that is not made again: it only forwards." }),
    trust: () => forwarderTrust(over, allows, alone),
    probe: (qube: Qube) => ({ hellos: hellos?.(qube) ?? {} }),
    runbook: (qube: Qube): RunbookParts => forwarderRunbook(qube, there(qube)),
  };
  const template = {
    suffix: `${over}-forward`,
    purpose: over === "onion" ? "forwarding over Tor" : "forwarding to your own network",
    parts: (needs: Parameters<typeof forwarderTemplate>[1]) => forwarderTemplate(over, needs),
  };
  if (over === "onion") {
    return {
      ...shared,
      template,
      os: "workstation",
      netvm: { kind: "gateway", description: "The Whonix gateway of this topology whose tor calls the onion service." },
      tor: forwarderTor,
    };
  }
  return {
    ...shared,
    template,
    os: "debian",
    netvm: { kind: "uplink", description: "The net qube through which the server is reached; never a Whonix gateway." },
    reaches: (qube) => {
      const { host, port } = elsewhereOf(qube);
      return {
        value: { host, port },
        why: `This qube reaches ${host} at port ${port} and nothing else: its net qube drops the rest.`,
        source: "Qubes documentation, firewall",
      };
    },
  };
}
