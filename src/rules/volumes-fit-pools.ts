// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { DEFAULT_PRIVATE } from "../model/costs.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import { bytesOf } from "../topology/scalars.ts";

const GIB = 2 ** 30;

const oneTooLarge = message("QB590", {
  severity: "error",
  title: "a volume is larger than its storage pool",
  say: (qube: string, wants: number, pool: string, has: number) =>
    `${qube} asks for ${wants} GiB, and the pool "${pool}" has ${has} GiB`,
  why: "Volumes are filled as they are written: the qube would start, and be stopped by a full pool, with every other qube in it.",
  fix: "Choose a larger pool (vm.pool), a smaller volume (vm.private), or correct the size of the pool.",
});

const together = message("QB591", {
  severity: "warning",
  title: "the volumes may outgrow their storage pool",
  say: (pool: string, want: number, has: number) =>
    `the volumes in the pool "${pool}" may grow to ${want} GiB in all; it has ${has} GiB`,
  why: "Volumes take what is written, so this works until they fill; a full pool stops every qube in it.",
  fix: "Watch the pool, or move one of the large volumes to another (vm.pool).",
});

const unknownPool = message("QB592", {
  severity: "error",
  title: "a storage pool is not among those of the machine",
  say: (pool: string, known: readonly string[]) =>
    `the pool "${pool}" is not among platform.pools: ${known.join(", ")}`,
  why: "The qube could not be made in it; which pools there are, the topology says itself.",
  fix: "Correct the name, or add the pool with its size to platform.pools. `qvm-pool` in dom0 lists them.",
});

/** The volumes, where the topology says how large the pools are, fit into them. */
export function* volumesFitPools(model: Model): Iterable<Finding> {
  const pools = model.platform.pools;
  if (!pools) return;
  const sums = new Map<string, number>();
  for (const { name, vm, path } of model.qubes) {
    const pool = vm.pool ?? "default";
    const size = pools[pool];
    if (size === undefined) {
      if (vm.pool !== undefined) yield finding(unknownPool, [...path, "vm", "pool"], vm.pool, Object.keys(pools));
      continue;
    }
    const bytes = vm.privateBytes?.value ?? DEFAULT_PRIVATE;
    sums.set(pool, (sums.get(pool) ?? 0) + bytes);
    if (bytes > bytesOf(size))
      yield finding(oneTooLarge, [...path, "vm", "private"], name, inGib(bytes), pool, inGib(bytesOf(size)));
  }
  for (const [pool, sum] of sums) {
    const has = bytesOf(pools[pool] ?? "1TiB");
    if (sum > has) yield finding(together, ["platform", "pools", pool], pool, inGib(sum), inGib(has));
  }
}

function inGib(bytes: number): number {
  return Math.round(bytes / GIB);
}
