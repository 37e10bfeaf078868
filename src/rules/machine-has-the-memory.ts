// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import { costs } from "../model/costs.ts";
import { bytesOf } from "../topology/scalars.ts";

const cannotStart = message("QB504", {
  severity: "error",
  title: "the qubes cannot all start",
  say: (needs: number, has: number) => `the qubes need ${needs} MiB to start; the machine has ${has} MiB`,
  why: "dom0 and the stock service qubes need some 5 GiB on top; the last qubes would not start.",
  fix: "Lower vm.memory of some, or make fewer qubes.",
});

const mayNotHave = message("QB505", {
  severity: "warning",
  title: "the qubes may want more memory than there is",
  say: (may: number, has: number) => `the qubes may grow to ${may} MiB in all; the machine has ${has} MiB`,
  why: "Qubes balances memory among them, so this works, but slowly when all are busy.",
  fix: "Lower vm.maxmem where it is not needed.",
});

/** The machine, where the topology says how large it is, has room for the qubes. */
export function* machineHasTheMemory(model: Model): Iterable<Finding> {
  if (model.platform.memory === undefined) return;
  const has = bytesOf(model.platform.memory) / 2 ** 20;
  const { memory, maxmem } = costs(model);
  const path = ["platform", "memory"];
  if (memory > has) yield finding(cannotStart, path, memory, has);
  else if (maxmem > has) yield finding(mayNotHave, path, maxmem, has);
}
