// SPDX-License-Identifier: GPL-3.0-or-later
/** Harm done to links, to qubes without network and to the daemons' settings is seen; test/sabotage.test.ts has the rest. */
import { describe, expect, it } from "vitest";
import { plant } from "../src/kernel/tree.ts";
import { MANIFEST, seal, SUMS } from "../src/render/manifest.ts";
import { inspect, InternalError, verify } from "../src/verify/verify.ts";
import { compiled, topology } from "./compiled.ts";
import { harmed } from "./harm.ts";

/** A system with everything that the first lacks: links of both forms, qubes without network, passwords, wallets. */
const whole = compiled(
  topology({
    more: [
      "  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }",
      "  bitcoin-two: { role: bitcoind, netvm: sys-bitcoin }",
      "  electrum-two: { role: fulcrum, bitcoind: bitcoin-two }",
      "  electrum-client: { role: electrum-wallet, server: electrum-server, others: [{ qube: electrum-two, port: 50011 }] }",
      "  joinmarket-server: { role: joinmarketd, netvm: sys-bitcoin }",
      "  joinmarket-client: { role: joinmarket-wallet, joinmarketd: joinmarket-server, bitcoind: bitcoin-server }",
    ].join("\n"),
  }),
);

describe("a tree in which", () => {
  it.each<[string, RegExp, string | RegExp, string, RegExp]>([
    [
      "a link answers from another qube",
      /80-qwbtc\.policy$/,
      "target=electrum-server",
      "target=bitcoin-server",
      /allows what no link declares/,
    ],
    [
      "a link has another port",
      /80-qwbtc\.policy$/,
      "+8433 electrum-server",
      "+8434 electrum-server",
      /a link is missing: .*\+8433 electrum-server/,
    ],
    [
      "a wallet may reach the node",
      /80-qwbtc\.policy$/,
      /^(qubes.ConnectTCP \+50001 electrum-client @default.*)$/m,
      "$1\nqubes.ConnectTCP +8332 electrum-client bitcoin-server allow",
      /allows what no link declares/,
    ],
    [
      "a named link names nobody",
      /80-qwbtc\.policy$/,
      "electrum-client electrum-two allow",
      "electrum-client @default allow target=electrum-two",
      /allows what no link declares/,
    ],
    [
      "a client is not denied the rest",
      /80-qwbtc\.policy$/,
      "qubes.ConnectTCP * electrum-client @anyvm deny\n",
      "",
      /electrum-client is not denied the rest/,
    ],
    [
      "a server is open to others",
      /80-qwbtc\.policy$/,
      "qubes.ConnectTCP * @anyvm electrum-server deny\n",
      "",
      /electrum-server is not closed/,
    ],
    [
      "a link listens for everybody",
      /jm-wallet.*tcp-8332\.socket$/,
      "127.0.0.1:8332",
      "0.0.0.0:8332",
      /does not listen on 127\.0\.0\.1:8332 alone/,
    ],
    [
      "a link listens twice",
      /jm-wallet.*tcp-8332\.socket$/,
      "ListenStream=",
      "ListenStream=10.137.0.1:1\nListenStream=",
      /does not listen on 127\.0\.0\.1:8332 alone/,
    ],
    [
      "a link calls another port",
      /jm-wallet.*tcp-8332@\.service$/,
      "ConnectTCP+8332",
      "ConnectTCP+22",
      /does not call bitcoin-server/,
    ],
    [
      "a link calls a qube of its own choice",
      /jm-wallet.*tcp-8332@\.service$/,
      "vm @default",
      "vm sys-whonix",
      /does not call bitcoin-server/,
    ],
    [
      "a link is not switched on",
      /dom0\/qubes\.sls$/,
      '        - "qwbtc-50011-electrum-two"\n',
      "",
      /qwbtc-50011-electrum-two is not switched on/,
    ],
    [
      "a wallet has a net qube",
      /dom0\/qubes\.sls$/,
      /("qwbtc-network-electrum-client":[^]*?"netvm": )"none"/,
      '$1"sys-bitcoin"',
      /electrum-client is not without net qube/,
    ],
    [
      "a wallet has a disposable",
      /dom0\/qubes\.sls$/,
      /("qwbtc-network-joinmarket-client":[^]*?"default_dispvm": )"none"/,
      '$1"whonix-workstation-18-dvm"',
      /joinmarket-client has a disposable/,
    ],
    [
      "a wallet may open pages elsewhere",
      /45-qwbtc\.policy$/,
      "qubes.OpenURL * electrum-client @anyvm deny notify=no\n",
      "",
      /electrum-client may ask for qubes\.OpenURL/,
    ],
    [
      "a node may start programs elsewhere",
      /45-qwbtc\.policy$/,
      "qubes.StartApp * @tag:qwbtc @anyvm deny notify=no\n",
      "",
      /qubes of this formula may ask for qubes\.StartApp/,
    ],
    [
      "others may open files in a wallet",
      /45-qwbtc\.policy$/,
      "qubes.OpenInVM * @anyvm joinmarket-client deny notify=no\n",
      "",
      /others may use qubes\.OpenInVM in joinmarket-client/,
    ],
    [
      "a client of the RPC has no list",
      /bitcoin-server.*bitcoin\.conf$/,
      /\nrpcwhitelist=joinmarket-client:.*/,
      "",
      /electrum-server have RPC lists/,
    ],
    [
      "a client's password is not read",
      /bitcoin-server.*bitcoin\.conf$/,
      "\nincludeconf=rpcauth-joinmarket-client.conf",
      "",
      /includes rpcauth-electrum-server\.conf bitcoin\.conf\.local, its clients' are rpcauth-electrum-server/,
    ],
    [
      "a user is read who is no client, and has no list",
      /bitcoin-server.*bitcoin\.conf$/,
      "\nincludeconf=rpcauth-joinmarket-client.conf",
      "$&\nincludeconf=rpcauth-electrum-two.conf",
      /includes .*rpcauth-electrum-two\.conf/,
    ],
    [
      "a client's password is read in the name of another",
      /bitcoin-server.*bitcoin\.conf$/,
      "includeconf=rpcauth-joinmarket-client.conf",
      "includeconf=rpcauth-electrum-two.conf",
      /includes .*rpcauth-electrum-two\.conf/,
    ],
    [
      "a secret of the node is written unchecked",
      /qube\/bitcoin-server\.sls$/,
      /\n {4}- "check_cmd": .*/,
      "",
      /"qwbtc-secret-.*rpcauth-electrum-server\.conf" writes a secret that nothing checks/,
    ],
    [
      "a password is in fulcrum.conf",
      /electrum-server.*fulcrum\.conf$/,
      /$/,
      "rpcpassword = hunter2\n",
      /holds an RPC password/,
    ],
    ["a password is in joinmarket.cfg", /joinmarket\.cfg$/, /$/, "rpc_password = hunter2\n", /holds an RPC password/],
    [
      "fulcrum.conf has a key that stops version 2",
      /electrum-server.*fulcrum\.conf$/,
      /$/,
      "fast-sync = 1000\n",
      /knows no key "fast-sync"/,
    ],
    [
      "Fulcrum listens for everybody",
      /electrum-server.*fulcrum\.conf$/,
      "tcp = 127.0.0.1",
      "tcp = 0.0.0.0",
      /listen off the loopback/,
    ],
    [
      "joinmarket.cfg has a misspelt key",
      /joinmarket\.cfg$/,
      "\ncommitment_list_location",
      "\ncommit_list_location",
      /no such key in \[POLICY\]/,
    ],
    [
      "joinmarket.cfg has a line without =",
      /joinmarket\.cfg$/,
      "hidden_service_dir = ",
      "hidden_service_dir",
      /would misread/,
    ],
  ])("%s", (_harm, file, from, to, seen) => {
    const bad = harmed(whole, file, from, to);
    expect(inspect(bad, whole.model).join("\n")).toMatch(seen);
    expect(() => verify({ model: whole.model, tree: bad })).toThrow(InternalError);
  });

  it("a socket belongs to no link", () => {
    const path =
      [...whole.tree.keys()].find((one) => one.endsWith("ws-jm-wallet/usr/lib/systemd/system/qwbtc-tcp-8332.socket")) ??
      "";
    const rest = [...whole.tree].filter(([one]) => one !== MANIFEST && one !== SUMS);
    const extra = [path.replace("8332", "8333"), { text: "", mode: "0644" }] as const;
    expect(inspect(seal(plant([...rest, extra]), whole.model), whole.model).join("\n")).toMatch(/belongs to no link/);
  });

  it("nothing was harmed: nothing is found", () => expect(inspect(whole.tree, whole.model)).toEqual([]));
});
