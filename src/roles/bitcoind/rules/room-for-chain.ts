// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { room } from "../room.ts";
import { isNode } from "../own.ts";

const GIB = 2 ** 30;

const tooSmall = message("QB501", {
  severity: "error",
  title: "a node's volume is too small for the chain",
  say: (has: number, needs: number) => `${has} GiB are too few for the chain, which needs ${needs} GiB today`,
  why: "bitcoind stops when the disk is full, after days of syncing.",
  fix: (_has, needs) =>
    `Write at least ${needs < 40 ? Math.ceil(needs * 1.3) : Math.ceil((needs * 1.1) / 50) * 50}GiB, or leave the key out: the default has room to grow.`,
  source: "Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size",
});

const tight = message("QB502", {
  severity: "warning",
  title: "a node's volume leaves little room to grow",
  say: (has: number, needs: number, growth: number) =>
    `${has} GiB leave little room: the chain needs ${needs} GiB today and grows by some ${growth} GiB a year`,
  why: "bitcoind stops when the disk is full.",
  fix: "Write more, or watch the volume: it can be grown at any time.",
  source: "Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size",
});

/** The private volume of a node holds the chain, or what pruning leaves of it. */
export function* roomForChain(model: Model): Iterable<Finding> {
  for (const qube of model.qubes.filter(isNode)) {
    if (!qube.vm.privateBytes) continue;
    const has = Math.floor(qube.vm.privateBytes.value / GIB);
    const { needs, growth } = room(qube);
    const path = [...qube.path, "vm", "private"];
    if (has < needs) yield finding(tooSmall, path, has, needs);
    else if (has < needs + growth) yield finding(tight, path, has, needs, growth);
  }
}
