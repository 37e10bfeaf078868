// SPDX-License-Identifier: GPL-3.0-or-later
/** What gateways let in and out. */
import { good, harming, plus, swap, without, type HarmClass } from "../harm.ts";

const tree = good("seed");
const exposed = good("exposed");
const on = harming(tree);
const TORRC = "/files/sys-bitcoin/usr/local/etc/torrc.d/40_qwbtc.conf";
const FIREWALL = "/files/sys-bitcoin/usr/local/etc/whonix_firewall.d/40_qwbtc.conf";
const HELD = "/files/bitcoin-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf";
const GRATER = "/files/sys-bitcoin/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml";
const PORT = "SocksPort 0.0.0.0:9401 IsolateDestAddr IsolateDestPort OnionTrafficOnly";

export const onTor: readonly HarmClass[] = [
  {
    name: "a line for tor that no tree has",
    codes: ["QB770"],
    harms: () =>
      [
        "ControlPort 0.0.0.0:9051",
        "ControlSocket /tmp/control",
        "CookieAuthentication 0",
        "DNSPort 0.0.0.0:53",
        "TransPort 0.0.0.0:9040",
        "HTTPTunnelPort 0.0.0.0:8118",
        "ExitRelay 1",
        "ORPort 9001",
        "ExitPolicy accept *:*",
        "UseBridges 1",
        "DisableNetwork 1",
        "Socks5Proxy 10.0.0.1:1080",
        "HiddenServiceSingleHopMode 1",
        "MapAddress 1.2.3.4 5.6.7.8",
        "%include /home/user/torrc",
        "SafeLogging 0",
        "ExitNodes {us}",
        "HiddenServicePort 22 127.0.0.1:22",
        "+SocksPort 9999",
      ].map((line) => on(TORRC, plus(line), line)),
    twins: () => [on(TORRC, plus("# ControlPort 0.0.0.0:9051 is what nobody should have here"), "a comment")],
  },
  {
    name: "a SocksPort that holds less apart",
    codes: ["QB771", "QB774"],
    harms: () =>
      [
        PORT.replace(" IsolateDestAddr", ""),
        PORT.replace(" IsolateDestPort", ""),
        PORT.replace(" OnionTrafficOnly", ""),
        PORT.replace("IsolateDestPort", "IsolateClientPort"),
        PORT.replace("OnionTrafficOnly", "OnionTraficOnly"),
        `${PORT} NoIsolateClientAddr`,
        `${PORT} IPv6Traffic`,
        `${PORT} SessionGroup=1`,
        `${PORT} NoOnionTraffic`,
        PORT.replace("0.0.0.0", "127.0.0.1"),
        PORT.replace("0.0.0.0:", ""),
        PORT.replace("9401", "9402"),
        PORT.replace("9401", "9180"),
        PORT.replace("0.0.0.0", "10.137.0.9"),
      ].map((line) => on(TORRC, swap(PORT, line), line)),
    twins: () => [
      on(
        TORRC,
        swap(PORT, "SocksPort 0.0.0.0:9401 OnionTrafficOnly IsolateDestPort IsolateDestAddr"),
        "flags in another order",
      ),
    ],
  },
  {
    name: "an onion service that ends elsewhere",
    codes: ["QB772", "QB770"],
    harms: () => [
      on(
        TORRC,
        plus("HiddenServiceDir /var/lib/tor/qwbtc-mine\nHiddenServicePort 80 127.0.0.1:22"),
        "one more, to a port of the gateway",
      ),
      on(
        TORRC,
        plus("HiddenServiceDir /var/lib/tor/qwbtc-mine\nHiddenServicePort 80 10.137.0.9:8332"),
        "one more, to a qube",
      ),
      on(
        TORRC,
        swap(/HiddenServicePort ([0-9]+) 127\.0\.0\.1:[0-9]+/, "HiddenServicePort $1 127.0.0.1:9051"),
        "to the control port",
        exposed,
      ),
      on(TORRC, swap(/HiddenServiceDir \S+/, "HiddenServiceDir /home/user/hs"), "kept in a home", exposed),
      on(
        TORRC,
        swap(/HiddenServiceDir \/var\/lib\/tor\//, "HiddenServiceDir /var/lib/tor/a/b/"),
        "kept too deep",
        exposed,
      ),
      on(
        TORRC,
        swap(/(HiddenServicePort [0-9]+ \S+)/, "$1\nHiddenServicePort 8332 127.0.0.1:8332"),
        "with a second port",
        exposed,
      ),
    ],
    twins: () => [
      on(TORRC, swap(/HiddenServicePort [0-9]+ /, "HiddenServicePort 9999 "), "another port for callers", exposed),
    ],
  },
  {
    name: "an onion service that lets others in",
    codes: ["QB772"],
    harms: () => [
      on(client(), () => "descriptor:x25519:NOTAKEY\n", "a key that tor does not read", exposed),
      on(client(), (text) => text.trimEnd(), "a key without its line break", exposed),
      on(client(), (text) => text.replace("descriptor", "description"), "a word misspelt", exposed),
      on(client(), (text) => text.replace("x25519", "ed25519"), "a key of another kind", exposed),
    ],
    twins: () => [
      on(
        client(),
        (text) => text.replace(/[A-Z2-7]{52}/, (key) => `${key.slice(0, 20)}ABCD${key.slice(24)}`),
        "another client's key",
        exposed,
      ),
    ],
  },
  {
    name: "a line of the firewall that is more than a setting",
    codes: ["QB773"],
    harms: () =>
      [
        "nft flush ruleset",
        'INTERNAL_OPEN_PORTS+=" $(cat /home/user/ports) "',
        "WORKSTATION_FIREWALL=0; true",
        "exit 0",
        "source /home/user/x",
        "INTERNAL_OPEN_PORTS=9401",
        "firewall_allow_all() { :; }",
        'NON_TOR_GATEWAY="0.0.0.0/0"',
        "EXT_IF=eth1",
      ].map((line) => on(FIREWALL, plus(line), line)),
    twins: () => [on(FIREWALL, plus("# nft flush ruleset"), "a comment")],
  },
  {
    name: "a firewall that is open or shut where tor is not",
    codes: ["QB774"],
    harms: () => [
      on(FIREWALL, plus('INTERNAL_OPEN_PORTS+=" 22 "'), "a port of the gateway"),
      on(FIREWALL, plus('INTERNAL_OPEN_PORTS+=" 9051 "'), "the control port"),
      on(FIREWALL, plus('EXTERNAL_OPEN_PORTS+=" 22 "'), "a port to the outside"),
      on(FIREWALL, without('INTERNAL_OPEN_PORTS+=" 9401 "'), "our own port shut"),
      on(FIREWALL, swap('INTERNAL_OPEN_PORTS+=" 9401 "', 'INTERNAL_OPEN_PORTS+=" 9402 "'), "another port"),
      on(FIREWALL, without("WORKSTATION_TRANSPARENT_TCP=0"), "transparent TCP"),
      on(FIREWALL, swap("WORKSTATION_TRANSPARENT_DNS=0", "WORKSTATION_TRANSPARENT_DNS=1"), "transparent DNS"),
      on(HELD, swap(/\noutgoing_allow_ip_list[^\n]*\n/, "\n"), "the node not held to its gateway"),
      on(HELD, plus('EXTERNAL_OPEN_PORTS+=" 22 "'), "a port of the node's"),
      on(HELD, plus('EXTERNAL_OPEN_PORTS+=" 8332 "'), "the node's RPC"),
      on(
        "/files/joinmarket-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf",
        swap(/\noutgoing_allow_ip_list[^\n]*\n/, "\n"),
        "the traders' daemon not held to its gateway",
      ),
    ],
    twins: () => [on(FIREWALL, plus("WORKSTATION_TRANSPARENT_TCP=0"), "said twice")],
  },
  {
    name: "a control command that is let through",
    codes: ["QB775"],
    harms: () => [
      on(GRATER, plus("    GETINFO:\n      - 'address'"), "GETINFO address"),
      on(GRATER, plus("    SIGNAL:\n      - 'SHUTDOWN'"), "SIGNAL"),
      on(GRATER, plus("    SETCONF:\n      - '.*'"), "SETCONF"),
      on(
        GRATER,
        swap("pattern: 'NEW:ED25519-V3 Port=8333,0\\.0\\.0\\.0:8334'", "pattern: 'NEW:ED25519-V3 Port=.*'"),
        "any port",
      ),
      on(
        GRATER,
        swap(
          "replacement: 'NEW:ED25519-V3 Port=8333,{client-address}:8334 Flags=DiscardPK'",
          "replacement: 'NEW:ED25519-V3 Port=8333,127.0.0.1:9051 Flags=DiscardPK'",
        ),
        "an end on the gateway",
      ),
      on(GRATER, swap(" Flags=DiscardPK'", "'"), "the service's key handed out"),
      on(GRATER, swap("ADD_ONION:", "DEL_ONION:"), "another command"),
    ],
    twins: () => [on(GRATER, plus("# the end"), "a comment")],
  },
];

function client(): string {
  const found = [...exposed.keys()].find((path) => path.endsWith(".auth"));
  if (found === undefined) throw new Error("no client");
  return found;
}
