// SPDX-License-Identifier: GPL-3.0-or-later
/** The last stage reads the tree back with other eyes: each harm done to a good tree is seen, and means exit 70 with nothing written. */
import { describe, expect, it } from "vitest";
import { plant } from "../src/kernel/tree.ts";
import { inspect, InternalError, verify } from "../src/verify/verify.ts";
import { compiled, topology } from "./compiled.ts";
import { harmed } from "./harm.ts";

const { tree, model } = compiled(topology({ node: "onion: { p2p: ephemeral }" }));
describe("a tree in which", () => {
  it.each<[string, RegExp, string | RegExp, string, RegExp]>([
    ["a first line is not #!yaml", /guard\.sls$/, "#!yaml\n", "# a comment\n#!yaml\n", /Jinja would run/],
    ["Jinja could act", /init\.top$/, '"base":', '"{{ base }}":', /Jinja would act/],
    [
      "a key stands twice",
      /qube\/sys-bitcoin\.sls$/,
      '"mode": "0644"',
      '"mode": "0644"\n      "mode": "0600"',
      /duplicated mapping key/,
    ],
    ["a mode is a number", /qube\/sys-bitcoin\.sls$/, '"mode": "0644"', '"mode": 0644', /not a text/],
    ["a date slipped in", /dom0\/start\.sls$/, '"name": "sys-bitcoin"', '"name": 2024-01-01', /is read as object/],
    [
      "an include leads nowhere",
      /dom0\/init\.sls$/,
      '"qwbtc.dom0.start"',
      '"qwbtc.dom0.strat"',
      /includes qwbtc\.dom0\.strat/,
    ],
    [
      "a requisite leads nowhere",
      /dom0\/qubes\.sls$/,
      '"file": "qwbtc-creating-sys-bitcoin"',
      '"file": "qwbtc-creating-sys-bitcion"',
      /requires file qwbtc-creating-sys-bitcion/,
    ],
    [
      "two states share an ID",
      /dom0\/qubes\.sls$/,
      '"qwbtc-prefs-sys-bitcoin"',
      '"qwbtc-prefs-bitcoin-server"',
      /duplicated mapping key|two states/,
    ],
    [
      "a source is not there",
      /qube\/bitcoin-server\.sls$/,
      /(salt:.*bitcoin\.)conf/,
      "$1cnf",
      /not there|no state uses it/,
    ],
    ["the top names a stranger", /init\.top$/, '"sys-bitcoin":', '"sys-whonix":', /sys-whonix is none of ours/],
    ["the top forgets a qube", /init\.top$/, /\n {2}"bitcoin-server":\n.*\n/, "\n", /bitcoin-server has no states/],
    [
      "a command runs every time",
      /dom0\/qubes\.sls$/,
      /\n {4}- "unless": "test .*revisions.*/,
      "",
      /runs its command every time/,
    ],
    [
      "prefs are written in test mode",
      /dom0\/templates\.sls$/,
      /\n {4}- "unless":\n {6}- "fun": "config\.get"\n {8}"args":\n {10}- "test"/,
      "",
      /would write prefs in test mode/,
    ],
    [
      "a state does not wait for the guard",
      /dom0\/templates\.sls$/,
      /\n {4}- "require":\n {6}- "test": "qwbtc-guard"/,
      "",
      /does not depend on qwbtc-guard/,
    ],
    [
      "a state touches a stranger",
      /dom0\/start\.sls$/,
      '"name": "sys-bitcoin"',
      '"name": "sys-whonix"',
      /touches sys-whonix/,
    ],
    [
      "a policy allows without a target",
      /80-qwbtc\.policy$/,
      "qubes.ConnectTCP * @anyvm",
      "qubes.ConnectTCP +8332 sys-bitcoin @default allow\nqubes.ConnectTCP * @anyvm",
      /without target=/,
    ],
    [
      "an allow stands below a deny",
      /80-qwbtc\.policy$/,
      /$/,
      "qubes.ConnectTCP +8332 sys-bitcoin @default allow target=bitcoin-server\n",
      /below a deny/,
    ],
    [
      "a policy line has a comment behind it",
      /45-qwbtc\.policy$/,
      "deny notify=no\n",
      "deny notify=no # stock\n",
      /no comments behind a rule/,
    ],
    ["a policy file lost its header", /45-qwbtc\.policy$/, "# Managed by", "# Made by", /as the guard expects/],
    [
      "a SocksPort has a flag that tor does not know",
      /torrc\.d/,
      "IsolateDestAddr Iso",
      "IsolateClientPort Iso",
      /knows no flag IsolateClientPort/,
    ],
    ["a SocksPort lost its isolation", /torrc\.d/, " IsolateDestPort Onion", " Onion", /IsolateDestPort is missing/],
    [
      "a SocksPort has an address that goes stale",
      /torrc\.d/,
      "0.0.0.0:9401",
      "10.152.152.10:9401",
      /not a SocksPort on 0\.0\.0\.0/,
    ],
    [
      "a SocksPort is not opened",
      /sys-bitcoin.*whonix_firewall\.d/,
      '" 9401 "',
      '" 9402 "',
      /tor listens on 9401, the firewall opens 9402/,
    ],
    [
      "the firewall's quotes are wrong",
      /sys-bitcoin.*whonix_firewall\.d/,
      '+=" 9401 "',
      "+= 9401 ",
      /not a plain line/,
    ],
    [
      "transparent proxying is on",
      /sys-bitcoin.*whonix_firewall\.d/,
      "_TCP=0",
      "_TCP=1",
      /WORKSTATION_TRANSPARENT_TCP=0 is missing/,
    ],
    [
      "a port is open that nothing needs",
      /bitcoin-server.*whonix_firewall\.d/,
      /$/,
      'EXTERNAL_OPEN_PORTS+=" 8332 "\n',
      /the firewall opens 8332 8334/,
    ],
    [
      "a setting lands where an AppVM forgets it",
      /qube\/sys-bitcoin\.sls$/,
      '"name": "/usr/local/etc/torrc.d',
      '"name": "/etc/torrc.d',
      /an AppVM forgets/,
    ],
    [
      "a template's user has no home",
      /template\/.*\.sls$/,
      '"home": "/home/bitcoin"',
      '"home": "/nonexistent"',
      /no home of its own/,
    ],
    [
      "a template's user has whatever number is free",
      /template\/.*\.sls$/,
      /\n {4}- "uid": [0-9]+/,
      "",
      /whatever number is free/,
    ],
    [
      "a file belongs to nobody",
      /qube\/bitcoin-server\.sls$/,
      '"user": "bitcoin"',
      '"user": "bitcion"',
      /whom the qube does not know/,
    ],
    ["a password is in it", /bitcoin\.conf$/, /$/, "rpcpassword=hunter2\n", /holds an RPC password/],
    [
      "bitcoin.conf has a key that bitcoind passes over",
      /bitcoin\.conf$/,
      "\nonlynet=",
      "\nonlynets=",
      /bitcoind 31.1 knows no key "onlynets"/,
    ],
  ])("%s", (_harm, file, from, to, seen) => {
    const bad = harmed({ tree, model }, file, from, to);
    expect(inspect(bad, model).join("\n")).toMatch(seen);
    expect(() => verify({ model, tree: bad })).toThrow(InternalError);
  });

  it("a byte was changed after it was sealed", () => {
    const bad = plant(
      [...tree].map(([path, file]) => [path, path === "README.md" ? { ...file, text: `${file.text} ` } : file]),
    );
    expect(inspect(bad, model)).toEqual(["SHA256SUMS: wrong for README.md", "MANIFEST.json: wrong for README.md"]);
  });

  it("nothing was harmed: nothing is found", () => {
    expect(inspect(tree, model)).toEqual([]);
  });
});
