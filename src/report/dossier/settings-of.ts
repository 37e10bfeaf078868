// SPDX-License-Identifier: GPL-3.0-or-later
import type { QubeFacts } from "../../audit/facts.ts";
import type { Place, StateCall } from "../../audit/states.ts";
import type { Dossier } from "./dossier.ts";
import { reasonOf } from "./reasons.ts";

/** One thing that the states set in dom0 for a qube. */
export interface Setting {
  readonly kind: "property" | "feature" | "service" | "tag" | "command";
  readonly name: string;
  readonly value: string;
  readonly why: string;
  readonly by: Place;
}

/** All that the states set for a qube or template: properties, features, services, tags, and commands of dom0 about it. */
export function settingsOf({ name, prefs, features, services, tags }: QubeFacts, dossier: Dossier): Setting[] {
  const { tree, states } = dossier.audit.facts;
  const why = (at: StateCall, key: string) => reasonOf(tree, at, key);
  return [
    ...[...prefs].map(([key, { value, at }]): Setting => ({
      kind: "property",
      name: key,
      value: String(value ?? "none"),
      why: why(at, key),
      by: at,
    })),
    ...states.calls
      .filter(({ fun, machine, name: command }) => fun === "cmd.run" && machine === "dom0" && isAbout(command, name))
      .map((at): Setting => ({ kind: "command", name: at.name, value: "", why: why(at, ""), by: at })),
    ...[...features]
      .filter(([key]) => !key.startsWith("service."))
      .map(([key, { value, at }]): Setting => ({
        kind: "feature",
        name: key,
        value: value === "" ? "off (empty)" : value,
        why: why(at, key),
        by: at,
      })),
    ...[...services].map(([key, { on, at }]): Setting => ({
      kind: "service",
      name: key,
      value: on ? "on" : "off",
      why: why(at, key),
      by: at,
    })),
    ...[...tags].map(([key, at]): Setting => ({ kind: "tag", name: key, value: "", why: why(at, key), by: at })),
  ];
}

/** Commands that set something for the qube: looking whether it was made sets nothing. */
function isAbout(command: string, name: string): boolean {
  return command.split(/[\s:]+/).includes(name) && !command.startsWith("qvm-check ");
}
