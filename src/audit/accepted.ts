// SPDX-License-Identifier: GPL-3.0-or-later
import type { Decision } from "../policy/language/evaluate.ts";
import type { Audit } from "./finding.ts";

/** A call that dom0 would let pass, or ask about. */
export interface Passing {
  readonly service: string;
  readonly argument: string;
  readonly source: string;
  readonly target: string;
  readonly decision: Exclude<Decision, { kind: "deny" }>;
}

type Setting = Pick<Audit, "facts" | "machine">;

/** The net qube that the states give a qube; null for none, undefined where no state says. */
export function netvmOf(name: string, { qubes }: Audit["facts"]): string | null | undefined {
  const value = qubes.get(name)?.prefs.get("netvm")?.value;
  return value === null || value === undefined ? value : String(value);
}

/** What passes on every machine and is meant to, each with its reason. */
const ACCEPTED: readonly { readonly why: string; readonly fits: (one: Passing, setting: Setting) => boolean }[] = [
  {
    why: "Copying a file is a decision of the user's, asked for each time.",
    fits: ({ service, decision }) => service === "qubes.Filecopy" && decision.kind === "ask",
  },
  {
    why: "A workstation and its own gateway talk about the clock and Tor.",
    fits: ({ service, source, target, decision }, { facts, machine }) =>
      decision.kind === "allow" &&
      !decision.autostart &&
      /^(?:sdwdate|whonix)/.test(service) &&
      ((machine.osOf(source) === "workstation" && netvmOf(source, facts) === target) ||
        (machine.osOf(target) === "workstation" && netvmOf(target, facts) === source)),
  },
  {
    why: "Qubes other than Whonix workstations may ask dom0 for the time; Whonix sets the clocks of its own otherwise.",
    fits: ({ service, source, decision }, { machine }) =>
      service === "qubes.GetDate" &&
      decision.kind === "allow" &&
      decision.target === "dom0" &&
      machine.osOf(source) !== "workstation",
  },
  {
    why: "Every qube's agent tells dom0 of itself (its features, updates, menus, notices), and may ask for the time give or take three minutes; dom0 takes each for a stranger's word.",
    fits: ({ service, decision }) =>
      decision.kind === "allow" &&
      decision.target === "dom0" &&
      /^qubes\.(?:FeaturesRequest|NotifyTools|NotifyUpdates|SyncAppMenus|Notifications|GetRandomizedTime)$/.test(
        service,
      ),
  },
  {
    why: "A program in a qube may be started by another only if the user says so.",
    fits: ({ service, source, decision }, { facts }) =>
      service === "qubes.StartApp" && decision.kind === "ask" && !facts.qubes.has(source),
  },
  {
    why: "A page or a file is opened in a qube with network only if the user says so. A gateway without net qube waits for its bridges, and then has one.",
    fits: ({ service, source, target, decision }, { facts, machine }) =>
      ["qubes.OpenURL", "qubes.OpenInVM", "qubes.GetImageRGBA"].includes(service) &&
      decision.kind === "ask" &&
      !facts.qubes.has(source) &&
      (typeof netvmOf(target, facts) === "string" || machine.osOf(target) === "gateway"),
  },
];

/** Whether a call that passes is one of those. */
export function mayPass(one: Passing, setting: Setting): boolean {
  return ACCEPTED.some(({ fits }) => fits(one, setting));
}
