// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../../kernel/message.ts";
import { finding, type Finding } from "../../../model/finding.ts";
import type { Model } from "../../../model/model.ts";
import { indexSize } from "../vm.ts";
import { settingOf } from "../settings.ts";

const tooManyThreads = message("QB520", {
  severity: "error",
  title: "a server would have more threads than its qube has processors",
  say: (threads: number, vcpus: number) => `${threads} threads are more than the ${vcpus} processors of the qube`,
  why: "Fulcrum does not start.",
  says: ["worker_threads: Specified value of 999 exceeds the detected number of virtual processors of 2"],
  fix: (_threads, vcpus) => `Write ${vcpus} or fewer, leave the key out, or raise vm.vcpus.`,
  source: "Fulcrum src/App.cpp, worker_threads",
});

const littleBeside = message("QB521", {
  severity: "warning",
  title: "a server's database takes nearly all of the qube's memory",
  say: (caches: number, maxmem: number) =>
    `caches of ${caches} MiB leave ${Math.max(0, maxmem - caches)} MiB of the ${maxmem} MiB that the qube may have`,
  why: "The system takes some 400 MiB and Fulcrum itself more beside its caches. A qube without memory kills its largest process, and version 1 of Fulcrum then starts its index over.",
  fix: "Write less, or raise vm.maxmem: at least 800 MiB more than the caches.",
  source: "Fulcrum README, requirements: 1 GB at least; doc/fulcrum-example-config.conf, db_mem",
});

const smallVolume = message("QB522", {
  severity: "error",
  title: "a server's volume is too small for its index",
  say: (has: number, needs: number) => `${has} GiB are too few for the index, which needs ${needs} GiB`,
  why: "Fulcrum ends when the disk is full, after days of work.",
  fix: (_has, needs) => `Write at least ${needs}GiB, or leave the key out: the default has room to grow.`,
  source: "Fulcrum README, requirements; ben-grande/qusal: 200 GiB",
});

const BESIDE = 800;
const GIB = 2 ** 30;

/** Threads, memory and disk of a server fit its qube. */
export function* serverFitsItsQube(model: Model): Iterable<Finding> {
  for (const qube of model.qubes) {
    if (qube.role.name !== "fulcrum" || !qube.uses.some((link) => link.service === "rpc")) continue;
    const { vcpus, maxmem, privateBytes } = qube.vm;
    const threads = Number(settingOf(qube, "worker_threads") ?? 0);
    const place = (name: string) => [...qube.path, "settings", name];
    if (threads > vcpus.value) yield finding(tooManyThreads, place("worker_threads"), threads, vcpus.value);
    // fast-sync is in MB, and beside db_mem.
    const caches = Number(settingOf(qube, "db_mem")) + Math.ceil(Number(settingOf(qube, "fast-sync") ?? 0) / 1.048576);
    const key = ["db_mem", "fast-sync"].find((one) => one in qube.settings);
    if (key !== undefined && caches + BESIDE > maxmem.value)
      yield finding(littleBeside, place(key), caches, maxmem.value);
    const has = Math.floor((privateBytes?.value ?? 0) / GIB);
    const needs = indexSize(qube.uses);
    if (privateBytes && has < needs) yield finding(smallVolume, [...qube.path, "vm", "private"], has, needs);
  }
}
