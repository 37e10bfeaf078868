// SPDX-License-Identifier: GPL-3.0-or-later
/** Harm done to onion services, to the keys of those who may use them, and to where they end is seen. */
import { describe, expect, it } from "vitest";
import { plant } from "../src/kernel/tree.ts";
import { MANIFEST, seal, SUMS } from "../src/render/manifest.ts";
import { inspect, InternalError, verify } from "../src/verify/verify.ts";
import { compiled, topology } from "./compiled.ts";
import { harmed } from "./harm.ts";

const phone = "LWFDVE5TDJTXXLZBZDZD6F7UZ33Y5RRZ42AZZGIMLV7L6DKHRAZQ";
const laptop = "YT4LVQN2XN6XIH237RNW74Y37JE7MSCW3ZTJ6MNOEYWQAMPOFIQQ";
const whole = compiled(
  topology({
    node: "onion: { p2p: static, pow: true }",
    more: [
      "  node-two: { role: bitcoind, netvm: sys-bitcoin, onion: { p2p: static, via: network, ip: 10.137.200.1 } }",
      `  electrum-server: { role: fulcrum, bitcoind: bitcoin-server, onion: { gateway: sys-bitcoin, clients: { phone: ${phone} } } }`,
    ].join("\n"),
  }),
);
/** Where the services end on the gateway's loopback: ports that follow from the servers' names. */
const [index, node] = ["electrum-server", "bitcoin-server"].map(
  (name) => whole.model.links.find((link) => link.onion && link.server.name === name)?.local ?? 0,
);
const auth = /authorized_clients\/phone\.auth$/;

describe("a tree in which", () => {
  it.each<[string, RegExp, string | RegExp, string, RegExp]>([
    ["a client's key is another", auth, phone, laptop, /not the key of the topology/],
    ["a client's file has a comment", auth, "descriptor", "# phone\ndescriptor", /not the key of the topology/],
    [
      "a client's file is not laid down",
      /qube\/sys-bitcoin\.sls$/,
      /\n# phone may use[^]*?\n\n/,
      "\n\n",
      /tor would learn of a service before|requires file/,
    ],
    [
      "tor learns of a service before its clients",
      /qube\/sys-bitcoin\.sls$/,
      /(torrc\.d\/40_qwbtc\.conf"\n(?: {4}.*\n)*?) {4}- "require":\n {6}- .*phone\.auth"\n/,
      "$1",
      /tor would learn of a service before/,
    ],
    [
      "a client's file can be read by others",
      /qube\/sys-bitcoin\.sls$/,
      /(phone\.auth":\n(?: {4}.*\n| {2}file\.managed:\n)*? {4}- "mode": )"0600"/,
      '$1"0644"',
      /is not tor's own alone/,
    ],
    [
      "a service's folder belongs to root",
      /qube\/sys-bitcoin\.sls$/,
      /(folder-\/var\/lib\/tor\/qwbtc-electrum-server-electrum":\n(?:.*\n){2} {4}- "user": )"debian-tor"/,
      '$1"root"',
      /is not tor's own alone/,
    ],
    [
      "a client that was taken out stays",
      /qube\/sys-bitcoin\.sls$/,
      /(-electrum\/authorized_clients -mindepth 1) ! -path \S+phone\.auth -delete/,
      "$1 -name none -delete",
      /could still come in/,
    ],
    [
      "nobody looks whether a client was taken out",
      /qube\/sys-bitcoin\.sls$/,
      /(found=\$\(cd \/ && runuser -u debian-tor -- find \S+-electrum\/authorized_clients) -mindepth 1/,
      "$1 -mindepth 9",
      /could still come in/,
    ],
    [
      "root empties a folder that is tor's",
      /qube\/sys-bitcoin\.sls$/,
      /(folder-\/var\/lib\/tor\/qwbtc-electrum-server-electrum":\n(?:.*\n){4})/,
      '$1    - "clean": true\n',
      /would have root empty whatever folder/,
    ],
    [
      "root writes where tor may have put a link",
      /qube\/sys-bitcoin\.sls$/,
      /"qwbtc-unlink-\S+-electrum":\n(?:.*\n){3}/,
      "",
      /acts as root below \S+-electrum, which may be a link/,
    ],
    [
      "root writes through a client's link",
      /qube\/sys-bitcoin\.sls$/,
      /(phone\.auth":\n(?: {4}.*\n| {2}file\.managed:\n)*?) {4}- "follow_symlinks": false\n/,
      "$1",
      /writes through a link in the place of \S+phone\.auth/,
    ],
    [
      "root edits a file of the user's",
      /qube\/sys-bitcoin\.sls$/,
      /$/,
      '"qwbtc-x":\n  file.blockreplace:\n    - "name": "/home/user/.bashrc"\n',
      /edits as root what may be a link/,
    ],
    [
      "tor is told by the apply alone that changed something",
      /qube\/sys-bitcoin\.sls$/,
      /rm -f \/run\/qwbtc-salt\/told\/reload-tor/,
      "systemctl --no-block reload-or-restart tor@default.service",
      /would never be made up for if it failed/,
    ],
    [
      "whether tor was told is asked of other files",
      /qube\/sys-bitcoin\.sls$/,
      /(--check reload-tor) \S+/,
      "$1",
      /would never be made up for if it failed/,
    ],
    [
      "root removes what tor put there",
      /qube\/sys-bitcoin\.sls$/,
      /("name": ")cd \/ && runuser -u debian-tor -- (find \S+authdir)/,
      "$1$2",
      /removes as root what another put there/,
    ],
    [
      "a service ends at another port",
      /torrc\.d/,
      `50001 127.0.0.1:${index}`,
      `50001 127.0.0.1:${node}`,
      new RegExp(`an onion service is missing: .*electrum, port 50001 to 127\\.0\\.0\\.1:${index}\\b`),
    ],
    ["a service has another port", /torrc\.d/, "Port 50001", "Port 22", /no topology declares: .*port 22/],
    [
      "a service ends at another qube",
      /torrc\.d/,
      "10.137.200.1:8334",
      "10.137.200.2:8334",
      /no topology declares: .*10\.137\.200\.2/,
    ],
    [
      "a service lies two folders deep",
      /torrc\.d/,
      "/var/lib/tor/qwbtc-bitcoin-server-p2p",
      "/var/lib/tor/qwbtc/bitcoin-server-p2p",
      /not right below \/var\/lib\/tor/,
    ],
    [
      "a service's folder is one that Whonix forgets",
      /torrc\.d/,
      "/var/lib/tor/qwbtc-bitcoin-server-p2p",
      "/var/lib/qwbtc-bitcoin-server-p2p",
      /not right below \/var\/lib\/tor/,
    ],
    [
      "the proof of work is gone",
      /torrc\.d/,
      "HiddenServicePoWDefensesEnabled 1\n",
      "",
      new RegExp(`is missing: .*p2p, port 8333 to 127\\.0\\.0\\.1:${node}, with proof of work`),
    ],
    [
      "the proof of work is off",
      /torrc\.d/,
      "HiddenServicePoWDefensesEnabled 1",
      "HiddenServicePoWDefensesEnabled 0",
      /neither a SocksPort nor a whole onion service: HiddenServicePoWDefensesEnabled 0/,
    ],
    [
      "the services' relays are known",
      /torrc\.d/,
      /$/,
      "HiddenServiceNonAnonymousMode 1\n",
      /neither a SocksPort nor a whole onion service/,
    ],
    [
      "a service has a second port",
      /torrc\.d/,
      `127.0.0.1:${index}`,
      `127.0.0.1:${index}\nHiddenServicePort 22 127.0.0.1:22`,
      /neither a SocksPort nor a whole onion service: HiddenServicePort 22/,
    ],
    [
      "a service is offered that nobody declared",
      /torrc\.d/,
      /$/,
      "HiddenServiceDir /var/lib/tor/qwbtc-x\nHiddenServicePort 22 127.0.0.1:22\n",
      /no topology declares: \/var\/lib\/tor\/qwbtc-x/,
    ],
    [
      "a service's socket listens elsewhere",
      /gw-onion.*-electrum-server\.socket$/,
      `127.0.0.1:${index}`,
      "127.0.0.1:50009",
      new RegExp(`no socket of ours listens on 127\\.0\\.0\\.1:${index}`),
    ],
    [
      "a pinned address is not kept",
      /dom0\/qubes\.sls$/,
      '      - "ip": "10.137.200.1"\n',
      "",
      /10\.137\.200\.1 is not the address of one qube/,
    ],
    [
      "a pinned address is another qube's too",
      /dom0\/qubes\.sls$/,
      /("qwbtc-prefs-electrum-server":[^]*?"prefs":\n)/,
      '$1      - "ip": "10.137.200.1"\n',
      /10\.137\.200\.1 is not the address of one qube/,
    ],
    [
      "a firewall is shut where a service ends",
      /node-two.*whonix_firewall\.d/,
      'EXTERNAL_OPEN_PORTS+=" 8334 "\n',
      "",
      /an onion service needs 8334, the firewall opens/,
    ],
    [
      "a firewall is open and no service ends there",
      /torrc\.d/,
      /\nHiddenServiceDir \S+node-two-p2p\n[^]*?\nHiddenServicePort .*\n/,
      "\n",
      /node-two: nothing on its gateway delivers to port 8334/,
    ],
  ])("%s", (_harm, file, from, to, seen) => {
    const bad = harmed(whole, file, from, to);
    expect(inspect(bad, whole.model).join("\n")).toMatch(seen);
    expect(() => verify({ model: whole.model, tree: bad })).toThrow(InternalError);
  });

  it("a stranger may use a service", () => {
    const [path = ""] = [...whole.tree.keys()].filter((one) => auth.test(one));
    const rest = [...whole.tree].filter(([one]) => one !== MANIFEST && one !== SUMS);
    const extra = [path.replace("phone", "mallory"), { text: `descriptor:x25519:${laptop}\n`, mode: "0644" }] as const;
    expect(inspect(seal(plant([...rest, extra]), whole.model), whole.model).join("\n")).toMatch(/names this client/);
  });

  it("nobody is asked for a key any more", () => {
    const rest = [...whole.tree].filter(([one]) => one !== MANIFEST && one !== SUMS && !auth.test(one));
    expect(inspect(seal(plant(rest), whole.model), whole.model).join("\n")).toMatch(/not the key of the topology/);
  });

  it("nothing was harmed: nothing is found", () => expect(inspect(whole.tree, whole.model)).toEqual([]));
});
