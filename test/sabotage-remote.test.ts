// SPDX-License-Identifier: GPL-3.0-or-later
/** Harm done to what stands for servers elsewhere is seen: the firewall, where a port leads, and the certificate. */
import { describe, expect, it } from "vitest";
import { inspect, InternalError, verify } from "../src/verify/verify.ts";
import { compiled, exampleText } from "./compiled.ts";
import { harmed } from "./harm.ts";

const whole = compiled(exampleText("remote-servers"));
const rule = "action=accept proto=tcp dst4=192.168.1.20/32 dstports=50002-50002";

describe("a tree in which", () => {
  it.each<[string, RegExp, string | RegExp, string, RegExp]>([
    [
      "a firewall lets all hosts through",
      /dom0\/qubes\.sls$/,
      "192.168.1.20/32",
      "0.0.0.0/0",
      /firewall of electrum-server is/,
    ],
    [
      "a firewall lets all ports through",
      /dom0\/qubes\.sls$/,
      " dstports=50002-50002",
      "",
      /firewall of electrum-server is/,
    ],
    [
      "a firewall lets a second host through",
      /dom0\/qubes\.sls$/,
      `- "${rule}"`,
      `- "${rule}"\n        - "${rule.replace(".20", ".21")}"`,
      /firewall of electrum-server is/,
    ],
    [
      "a firewall ends open",
      /dom0\/qubes\.sls$/,
      '- "action=drop"',
      '- "action=accept"',
      /firewall of electrum-server is/,
    ],
    [
      "a firewall is named by another qube",
      /dom0\/qubes\.sls$/,
      '"qwbtc-firewall-electrum-server":',
      '"qwbtc-firewall-bitcoin-server":',
      /firewall of electrum-server is open/,
    ],
    [
      "a firewall comes after the net qube",
      /dom0\/qubes\.sls$/,
      '      - "qvm": "qwbtc-firewall-electrum-server"\n',
      "",
      /too late/,
    ],
    [
      "file and firewall name different hosts",
      /electrum-server.*forward-50002\.env$/,
      "HOST=192.168.1.20",
      "HOST=192.168.1.21",
      /electrum-server: .* leads to HOST=192\.168\.1\.21/,
    ],
    [
      "a port leads to another port",
      /bitcoin-server.*forward-8332\.env$/,
      "PORT=8332",
      "PORT=8333",
      /leads to .*PORT=8333/,
    ],
    [
      "a file says more than where",
      /electrum-server.*forward-50002\.env$/,
      /$/,
      "LD_PRELOAD=/tmp/x\n",
      /says more than where/,
    ],
    [
      "a forwarder listens for everybody",
      /vm-lan-forward.*\.socket$/,
      "127.0.0.1:50002",
      "50002",
      /does not listen on 127\.0\.0\.1:50002 alone/,
    ],
    [
      "a forwarder is open in every qube of its template",
      /vm-lan-forward.*\.socket$/,
      "ConditionPathExists=/run",
      "ConditionPathExists=/",
      /does not wait for its service/,
    ],
    [
      "a forwarder over Tor goes straight",
      /ws-onion-forward.*@\.service$/,
      "SOCKS4A:10.152.152.10:${HOST}:${PORT},socksport=${SOCKS}",
      "TCP4:${HOST}:${PORT}",
      /does not lead over onion/,
    ],
    [
      "a forwarder may talk to anybody",
      /vm-lan-forward.*@\.service$/,
      "IPAddressDeny=any",
      "IPAddressDeny=",
      /may talk to anybody/,
    ],
    [
      "a forwarder is not switched on",
      /dom0\/qubes\.sls$/,
      '        - "qwbtc-forward-50002"\n',
      "",
      /qwbtc-forward-50002 is switched on nowhere/,
    ],
    [
      "the certificate is not pinned",
      /electrum-client.*config\.json$/,
      /\n.*serverfingerprint.*/,
      "",
      /would take any certificate/,
    ],
    [
      "a wallet speaks plain TCP to a TLS port",
      /electrum-client.*config\.json$/,
      ":50002:s",
      ":50002:t",
      /is not told how electrum-server speaks/,
    ],
    [
      "a key to an onion service is in it",
      /sys-bitcoin.*torrc\.d/,
      /$/,
      `# ${"a".repeat(56)}:descriptor:x25519:${"A".repeat(52)}\n`,
      /holds a key to an onion service/,
    ],
    [
      "a key lands where tor does not look",
      /qube\/sys-bitcoin\.sls$/,
      '"name": "/var/lib/tor/authdir/qwbtc-bitcoin',
      '"name": "/var/lib/tor/bitcoin',
      /an AppVM forgets/,
    ],
    [
      "a qube that is no gateway has tor's files",
      /qube\/bitcoin-server\.sls$/,
      '"name": "/usr/local/etc/qwbtc-salt/',
      '"name": "/var/lib/tor/authdir/',
      /an AppVM forgets|not there/,
    ],
  ])("%s", (_harm, file, from, to, seen) => {
    const bad = harmed(whole, file, from, to);
    expect(inspect(bad, whole.model).join("\n")).toMatch(seen);
    expect(() => verify({ model: whole.model, tree: bad })).toThrow(InternalError);
  });

  it("nothing was harmed: nothing is found", () => expect(inspect(whole.tree, whole.model)).toEqual([]));
});
