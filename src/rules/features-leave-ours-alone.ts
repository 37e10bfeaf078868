// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import { NOT_THE_USERS, PERSIST } from "../model/feature-owners.ts";
import type { Model } from "../model/model.ts";

const flips = message("QB506", {
  severity: "error",
  title: "memory balancing is switched by a feature and by maxmem at once",
  say: () => "service.meminfo-writer and maxmem contradict each other",
  why: "qubesd turns the feature into a reset of maxmem and stores neither, so every apply would change both again.",
  fix: "Remove the feature; maxmem alone decides.",
  source: "qubes-core-admin qubes/vm/mix/, the meminfo-writer compatibility of R4.2 and R4.3",
});

const persist = message("QB507", {
  severity: "error",
  title: "the qube would not keep its files",
  say: () => "custom-persist switches off what our files rely on",
  why: "With it a qube keeps neither /home nor /usr/local nor /rw/config unless each is listed: the chain would be gone at every shutdown.",
  fix: "Remove the feature.",
  source: "qubes-core-agent-linux, custom-persist of R4.3",
});

const ours = message("QB508", {
  severity: "error",
  title: "a feature that the states, Qubes or Whonix set themselves is set by hand",
  say: (name: string) => `the feature "${name}" is set by the states, Qubes or Whonix`,
  why: "Two values for one feature would change it back and forth with every apply, or switch a daemon off behind the topology's back.",
  fix: "Remove it. Menu entries are written as vm.menu_items.",
});

/** Features of the user's own do not undo what the states rely on. */
export function* featuresLeaveOursAlone(model: Model): Iterable<Finding> {
  for (const { vm, path } of model.qubes) {
    for (const name of Object.keys(vm.features)) {
      const place = [...path, "vm", "features", name];
      if (name === "service.meminfo-writer") yield { ...finding(flips, place), part: "key" };
      else if (PERSIST.test(name)) yield { ...finding(persist, place), part: "key" };
      else if (NOT_THE_USERS.test(name)) yield { ...finding(ours, place, name), part: "key" };
    }
  }
}
