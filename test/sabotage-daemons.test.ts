// SPDX-License-Identifier: GPL-3.0-or-later
/** What is checked of daemons in a finished tree: each harm leaves old settings in force, or lets dom0 kill one that still writes. */
import { describe, expect, it } from "vitest";
import { inspect } from "../src/verify/verify.ts";
import { compiled, exampleText } from "./compiled.ts";
import { harmed } from "./harm.ts";

const seed = compiled(exampleText("seed"));
const known = (qube: string) => new RegExp(`/files/${qube}/usr/local/etc/qwbtc-salt/daemons\\.json$`);
const unit = (name: string) => new RegExp(`/qwbtc-${name}\\.service$`);
const states = (qube: string) => new RegExp(`/qube/${qube}\\.sls$`);

describe("a tree in which", () => {
  it.each<[string, RegExp, string | RegExp, string, RegExp]>([
    [
      "nothing is known of a daemon",
      known("joinmarket-server"),
      "qwbtc-joinmarketd",
      "qwbtc-joinmarket",
      /nobody knows what qwbtc-joinmarketd/,
    ],
    [
      "what is known is of a daemon that is not there",
      known("joinmarket-server"),
      "qwbtc-joinmarketd",
      "qwbtc-x",
      /qwbtc-x\.service is looked after, but does not run/,
    ],
    [
      "a daemon's settings are not compared",
      known("bitcoin-server"),
      '/.bitcoin/bitcoin.conf"',
      '/.bitcoin/bitcoin.cnf"',
      /bitcoin\.conf changes, and qwbtc-bitcoind\.service goes on/,
    ],
    [
      "a client's line is not compared",
      known("bitcoin-server"),
      "rpcauth-electrum-server.conf",
      "rpcauth-electrum.conf",
      /rpcauth-electrum-server\.conf changes/,
    ],
    [
      "a password is not compared",
      known("electrum-server"),
      "/rpc-cookie",
      "/rpc-cook",
      /rpc-cookie changes, and qwbtc-fulcrum/,
    ],
    [
      "a file is included that nobody compares",
      /bitcoin-server.*\/bitcoin\.conf$/,
      "\nincludeconf=bitcoin.conf.local",
      "\nincludeconf=more.conf\nincludeconf=bitcoin.conf.local",
      /reads more\.conf, and nobody compares it/,
    ],
    [
      "a unit reads a file that nobody compares",
      unit("fulcrum"),
      "\nExecStart=",
      "\nEnvironmentFile=/usr/local/etc/qwbtc-salt/more.env\nExecStart=",
      /reads more\.env, and nobody compares it/,
    ],
    [
      "a unit does not note what it starts with",
      unit("bitcoind"),
      /\nExecStartPre=.*/,
      "",
      /qwbtc-bitcoind\.service: does not note/,
    ],
    [
      "nobody compares",
      states("electrum-server"),
      'in-force qwbtc-fulcrum.service"\n    - "unless"',
      'in-force qwbtc-x.service"\n    - "unless"',
      /qwbtc-fulcrum\.service goes on with what it started with/,
    ],
    [
      "a daemon is restarted before its password is there",
      states("electrum-server"),
      /(in-force-qwbtc-fulcrum[^]*)\n {6}- "file": "qwbtc-secret-.*/,
      "$1",
      /would be restarted without .*rpc-cookie/,
    ],
    [
      "dom0 kills a node that still writes",
      /\/dom0\/qubes\.sls$/,
      /shutdown_timeout 900"/,
      'shutdown_timeout 620"',
      /bitcoin-server is killed after 620 s, while systemd waits for 630/,
    ],
    [
      "a unit waits longer than dom0",
      unit("fulcrum"),
      "TimeoutStopSec=300",
      "TimeoutStopSec=600",
      /electrum-server is killed after 360 s/,
    ],
    [
      "a unit has no limit that dom0 knows",
      unit("joinmarketd"),
      /\nTimeoutStopSec=.*/,
      "",
      /joinmarket-server is killed after 60 s, while systemd waits for 120/,
    ],
    [
      "a unit waits for ever",
      unit("bitcoind"),
      "TimeoutStopSec=600",
      "TimeoutStopSec=infinity",
      /bitcoin-server is killed/,
    ],
    [
      "dom0 does not wait at power-off",
      /qubes-core\.service\.d\/50-qwbtc\.conf$/,
      "TimeoutStopSec=1500",
      "TimeoutStopSec=180",
      /at power-off dom0 does not wait for bitcoin-server/,
    ],
  ])("%s", (_what, file, from, to, problem) => {
    const problems = inspect(harmed(seed, file, from, to), seed.model);
    expect(problems.join("\n")).toMatch(problem);
  });

  it("all is well has none of these", () => {
    expect(inspect(seed.tree, seed.model)).toEqual([]);
  });
});
