// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { placeIn, type Audit } from "../finding.ts";

const whonixs = message("QB748", {
  severity: "error",
  title: "A tag is taken away or given that Whonix looks after",
  say: (tag: string, name: string, how: string) => `${tag} is ${how} ${name}`,
  why: "The stock policy keeps Whonix' qubes apart by these tags. Without one, lines that denied something fit no more, until the addon gives it back at the next start of qubesd, and what was built on its absence ends. With a wrong one, a qube is taken for what it is not.",
  fix: "Leave these tags alone; deny and allow by names, and by a tag of the formula's own, in a file that is read before the stock ones.",
  source: "qubes-core-admin-addon-whonix qubeswhonix",
});

/** The tags by which the stock policy tells Whonix' qubes. */
const WHONIX = /^(?:anon-(?:vm|gateway)|sdwdate-gui-(?:client|server)|whonix-updatevm)$/;

/** No state touches the tags that are not the formula's to give. */
export function* tags({ facts }: Audit): Iterable<Diagnostic> {
  for (const state of facts.states.calls) {
    if (state.fun !== "qvm.tags" && state.fun !== "qvm.vm") continue;
    const list = state.fun === "qvm.vm" ? state.args.get("tags") : [Object.fromEntries(state.args)];
    for (const one of Array.isArray(list) ? list : []) {
      if (typeof one !== "object" || one === null) continue;
      for (const [action, values] of Object.entries(one as Record<string, unknown>))
        for (const tag of [values].flat().map(String))
          if (WHONIX.test(tag) && ["add", "present", "del", "absent"].includes(action)) {
            const how = action === "del" || action === "absent" ? "taken from" : "given to";
            yield whonixs.at(placeIn(facts.tree, state), tag, state.name, how);
          }
    }
  }
}
