// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { roles } from "../../roles/index.ts";
import { netvmOf } from "../accepted.ts";
import { placeIn, type Audit } from "../finding.ts";
import { HELD_FILES } from "../held-settings.ts";
import { forwards, roleOf } from "../role-of.ts";

const otherwise = message("QB738", {
  severity: "error",
  title: "A qube is not what MANIFEST.json says",
  say: (name: string, what: string) => `${name} ${what}`,
  why: "What a qube must not have, a network above all, is judged by its role. Under another one it would be judged for something that it is not.",
  fix: "Build the tree anew from its topology; if somebody gave it to you, ask why.",
  source: "the design of this tree",
});

const offlineOnline = message("QB739", {
  severity: "error",
  title: "A program that needs no network runs in a qube that has one",
  say: (name: string, program: string, netvm: string) => `${name} runs ${program} behind ${netvm}`,
  why: "Keys, or an index of what wallets ask about, lie in it. Whatever gets into the qube gets out again by its net qube.",
  fix: "Take its net qube away, and give it links to what it asks.",
  source: "qubes-core-admin qubes/vm/mix/net.py",
});

const OS = { gateway: "gateway", workstation: "workstation", debian: "other" } as const;

/** Each qube is what the manifest claims, by what lands in it and what it is made of; and no claim makes a wallet with a network pass. */
export function* claims({ facts, machine }: Audit): Iterable<Diagnostic> {
  for (const { name, made, at, prefs } of machine.ours) {
    const held = HELD_FILES.find(({ path }) => facts.landed.some((one) => one.machine === name && path.test(one.path)));
    const is = held && roles.find(({ options }) => options?.program === held.options);
    const claimed = facts.roles.get(name);
    const place = placeIn(facts.tree, at);
    const netvm = netvmOf(name, facts);
    if (is && !is.netvm && claimed !== is.name && typeof netvm === "string")
      yield offlineOnline.at(placeIn(facts.tree, prefs.get("netvm")?.at ?? at), name, held.program, netvm);
    // A tree without a formula in its manifest is not of this kind, and claims nothing.
    if (facts.formula === undefined || !made) continue;
    const role = roleOf(name, facts);
    if (!role) yield otherwise.at(place, name, "has no role in MANIFEST.json that is known here");
    else if (is && is.name !== claimed)
      yield otherwise.at(place, name, `has the settings of ${held.program}, and is said to be ${claimed}`);
    else if (role.options && !is && !forwards(name, facts))
      yield otherwise.at(place, name, `is said to be ${claimed}, and has no settings of ${role.options.program}`);
    else if (OS[role.os] !== machine.osOf(name))
      yield otherwise.at(place, name, `is said to be ${claimed}, and its template is of another kind`);
  }
}
