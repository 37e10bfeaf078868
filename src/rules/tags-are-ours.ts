// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const reserved = message("QB509", {
  severity: "error",
  title: "a tag has a meaning of its own",
  say: (tag: string) => `the tag "${tag}" is not free to be given`,
  why: "Policies of Qubes and Whonix, and the guard of this formula, act on tags: given by hand, such a tag would open calls to other qubes or take a qube for ours.",
  fix: "Remove it, or choose another word.",
  source: "Whonix qubes-core-admin-addon-whonix; /etc/qubes/policy.d/80-whonix.policy",
});

/** Tags on which policies of Qubes and Whonix act. */
export const MEANINGFUL = /^(?:anon-|whonix-|sdwdate-gui-|created-by-|backup-restore|audiovm|guivm|usb-|updatevm)/;

/** Tags of the user's own mean nothing to Qubes, Whonix or us. */
export function* tagsAreOurs(model: Model): Iterable<Finding> {
  for (const { vm, path } of model.qubes) {
    for (const [index, tag] of vm.tags.entries()) {
      if (tag === model.formula || MEANINGFUL.test(tag)) yield finding(reserved, [...path, "vm", "tags", index], tag);
    }
  }
}
