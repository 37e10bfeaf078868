// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";
import { finding, type Finding } from "../../model/finding.ts";
import type { Model } from "../../model/model.ts";
import { remoteOf } from "../../model/remote.ts";
import { wanted } from "./own.ts";

const GIB = 2 ** 30;

/** GiB that the main chain needs: blocks and chain state of version 31's own estimate (870 GB), and its transaction index. */
const CHAIN = 811;
const TXINDEX = 66;

const tooSmall = message("QB501", {
  severity: "error",
  title: "a node's volume is too small for the chain",
  say: (has: number, needs: number) => `${has} GiB are too few for the chain, which needs ${needs} GiB today`,
  why: "bitcoind stops when the disk is full, after days of syncing.",
  fix: (_has, needs) =>
    `Write at least ${Math.ceil((needs * 1.1) / 50) * 50}GiB, or leave the key out: the default has room to grow.`,
  source: "Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size",
});

const tight = message("QB502", {
  severity: "warning",
  title: "a node's volume leaves little room to grow",
  say: (has: number, needs: number) =>
    `${has} GiB leave little room: the chain needs ${needs} GiB today and grows by some 80 GiB a year`,
  why: "bitcoind stops when the disk is full.",
  fix: "Write more, or watch the volume: it can be grown at any time.",
  source: "Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size",
});

/** The private volume of a node holds the chain. */
export function* roomForChain(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    if (qube.role.name !== "bitcoind" || !qube.vm.privateBytes || remoteOf(qube)) continue;
    const has = Math.floor(qube.vm.privateBytes.value / GIB);
    const needs = CHAIN + (wanted(qube, "txindex") ? TXINDEX : 0);
    const path = [...qube.path, "vm", "private"];
    if (has < needs) yield finding(tooSmall, path, has, needs);
    else if (has < needs + 80) yield finding(tight, path, has, needs);
  }
}
