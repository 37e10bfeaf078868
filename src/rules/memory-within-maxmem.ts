// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const above = message("QB503", {
  severity: "error",
  title: "memory is above maxmem",
  say: (memory: number, maxmem: number) => `the qube starts with ${memory} MiB but may have ${maxmem} MiB at most`,
  why: "Qubes would not start it.",
  fix: (memory) => `Lower vm.memory, or write maxmem: ${memory} or more.`,
  source: "qubes-core-admin qubes/vm/qubesvm.py, memory and maxmem",
});

/** A qube starts with no more memory than it may have. */
export function* memoryWithinMaxmem(model: Model): Iterable<Finding> {
  for (const { vm, path } of model.qubes) {
    if (vm.memory.value > vm.maxmem.value)
      yield finding(above, [...path, "vm", "memory"], vm.memory.value, vm.maxmem.value);
  }
}
