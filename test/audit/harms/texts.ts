// SPDX-License-Identifier: GPL-3.0-or-later
/** Texts that say more than a tree of this kind says: by another spelling, a second line, a name that nobody looks at. */
import { good, harming, pathOf, plus, swap, withTexts, type HarmClass } from "../harm.ts";

const tree = good("seed");
const exposed = good("exposed");
const remote = good("remote-servers");
const on = harming(tree);
const GATEWAY = "/qube/sys-electrum.sls";
const STATES = "/qube/bitcoin-server.sls";
const TOR = "/qube/sys-bitcoin.sls";
const KEYS = "/var/lib/tor/qwbtc-electrum-server-electrum/authorized_clients";
const KEY = `"qwbtc-file-${KEYS}/laptop.auth":\n  file.managed:\n`;
const QUBES = "/dom0/qubes.sls";
const RULE = "action=accept proto=tcp dst4=192.168.1.20/32 dstports=50002-50002";
const ONION = "/bitcoin-server/usr/local/etc/qwbtc-salt/forward-8332.env";
const LAN = "/electrum-server/usr/local/etc/qwbtc-salt/forward-50002.env";
const NODE = "/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf";
const SERVER = "/electrum-server/home/fulcrum/.fulcrum/fulcrum.conf";
const WALLET = "/electrum-client/usr/local/lib/qwbtc-salt/electrum/config.json";
const TRADER = "/joinmarket-client/home/user/.joinmarket/joinmarket.cfg";
const FIREWALL = "/files/sys-bitcoin/usr/local/etc/whonix_firewall.d/40_qwbtc.conf";
const everywhere = (from: string, to: string) => (text: string) => text.replaceAll(from, to);

export const onTexts: readonly HarmClass[] = [
  {
    name: "a client's key that is none to tor",
    codes: ["QB840", "QB841"],
    harms: () => [
      on(GATEWAY, everywhere("laptop.auth", "laptop.auth.off"), "a name that tor passes over", exposed),
      on(GATEWAY, everywhere(`${KEYS}/laptop.auth`, `${KEYS}/old/laptop.auth`), "a folder too deep", exposed),
      on(GATEWAY, swap(KEY, `${KEY}    - "unless": "true"\n`), "a state that does nothing", exposed),
      on(GATEWAY, swap(KEY, `${KEY}    - "replace": false\n`), "a file that is left as it is", exposed),
      on(GATEWAY, swap(KEY, `${KEY}    - "create": false\n`), "a file that is never made", exposed),
      on(GATEWAY, swap(KEY, `${KEY}    - "onchanges":\n      - "file": "qwbtc-x"\n`), "a state that waits", exposed),
      on(
        GATEWAY,
        (text) =>
          text.replace(
            new RegExp(`(${KEY.replaceAll(/[.]/g, "\\.")}(?:.*\n)*?    - "user": )"debian-tor"`),
            '$1"root"',
          ),
        "another's file",
        exposed,
      ),
      on(GATEWAY, plus(`"x":\n  file.absent:\n    - "name": "${KEYS}/laptop.auth"`), "taken away", exposed),
      on(GATEWAY, swap(` ! -path ${KEYS}/phone.auth -delete`, " -delete"), "removed as a stranger's", exposed),
      on(GATEWAY, plus(`"x":\n  cmd.run:\n    - "name": "rm -rf ${KEYS}"`), "removed by a command", exposed),
      on(
        GATEWAY,
        swap(`    - "require":\n      - "file": "qwbtc-file-${KEYS}/laptop.auth"\n`, '    - "require":\n'),
        "a service that does not wait for it",
        exposed,
      ),
    ],
    twins: () => [
      on(GATEWAY, everywhere("laptop", "desktop"), "another name", withKey("laptop", "desktop")),
      on(GATEWAY, swap(/("mode": )"0600"/, '$1"0400"'), "a file that tor only reads", exposed),
    ],
  },
  {
    name: "a rule of dom0's firewall that lets out more",
    codes: ["QB842"],
    harms: () =>
      [
        `"proto=tcp action=accept"\n        - "${RULE}"`,
        `"action=accept comment=x ${RULE.slice("action=accept ".length)}"`,
        `"${RULE.replace("50002-50002", "1-65535")}"`,
        `"${RULE.replace("/32", "/24")}"`,
        `"${RULE.replace("proto=tcp ", "")}"`,
        `"${RULE}"\n        - "action=accept specialtarget=dns"`,
        `"${RULE}"\n        - "action=drop"\n        - "action=accept"`,
        `"${RULE} expire=1"`,
      ]
        .map((line) => on(QUBES, swap(`"${RULE}"`, line), line, remote))
        .concat([
          on(QUBES, swap(/( {8}- "action=accept proto=tcp.*\n) {8}- "action=drop"\n/, "$1"), "no drop", remote),
          on(
            QUBES,
            swap('    - "firewall":\n      - "set":', '    - "firewall":\n      - "reset": true\n      - "set":'),
            "more than a list",
            remote,
          ),
          on(
            QUBES,
            plus(`\n"x":\n  qvm.firewall:\n    - "name": "electrum-server"\n    - "set":\n      - "action=accept"`),
            "another state",
            remote,
          ),
        ]),
    twins: () => [on(QUBES, plus("# action=accept would let out everything"), "a comment", remote)],
  },
  {
    name: "a port that leads elsewhere",
    codes: ["QB843"],
    harms: () => [
      on(ONION, swap(/HOST=.*/, "HOST=evil.example"), "a name of the clear net", remote),
      on(ONION, swap(/HOST=.*/, "HOST=1.2.3.4"), "an address", remote),
      on(ONION, swap("SOCKS=9401", "SOCKS=9150"), "a port that takes any name", remote),
      on(ONION, swap("SOCKS=9401\n", ""), "no port of the gateway", remote),
      on(ONION, plus("HOST=evil.example"), "said twice", remote),
      on(ONION, plus("LD_PRELOAD=/home/user/x.so"), "another variable", remote),
      on(ONION, plus(" HOST=evil.example"), "with a blank before it", remote),
      on(ONION, swap("# Its port there.", "# Its port there. \\"), "a comment that goes on", remote),
      on(LAN, swap("192.168.1.20", "192.168.1.21"), "another machine", remote),
      on(LAN, swap("PORT=50002", "PORT=50003"), "another port", remote),
      on(LAN, plus("PORT=22"), "two ports", remote),
    ],
    twins: () => [on(ONION, plus("# HOST=evil.example would be dialled through an exit"), "a comment", remote)],
  },
  {
    name: "a name of Whonix' firewall that no tree has",
    codes: ["QB773"],
    harms: () =>
      [
        "WORKSTATION_TRANSPARENT_TCP=1",
        "ALLOW_GATEWAY_ROOT_USER=1",
        'NO_NAT_USERS+=" 1000 "',
        "GATEWAY_ALLOW_INCOMING_SSH=1",
        'EXTERNAL_UDP_OPEN_PORTS+=" 53 "',
        "firewall_mode=0",
        'outgoing_allow_ip_list+=" 10.152.152.10 $(qubesdb-read /qubes-gateway 2>/dev/null || true) "',
      ].map((line) => on(FIREWALL, plus(line), line)),
    twins: () => [on(FIREWALL, plus("# ALLOW_GATEWAY_ROOT_USER=1"), "a comment")],
  },
  {
    name: "a setting in another spelling, or that nobody knows",
    codes: ["QB844"],
    harms: () => [
      ...[
        " rpcbind=0.0.0.0",
        "walletnotify =curl",
        "norpcwhitelist=1",
        "noproxy=1",
        "noonlynet=1",
        "rest=1",
        "rpccookiefile=/tmp/c",
        "rpccookieperms=all",
        "rpcauth=x:y",
        "testnet=1",
        "main.rpcbind=0.0.0.0",
        "RPCBIND=0.0.0.0",
        "rpcbind",
        "[test]\nrpcbind=0.0.0.0",
        "[main]",
        "dbcache=900 # less",
      ].map((line) => on(NODE, plus(line), line)),
      on(NODE, swap("chain=main", "chain=main\nrpcport=1"), "outside of its section"),
      on(NODE, swap("dbcache=1600", "dbcache=many"), "a number that is none"),
      on(NODE, swap("proxy=10.152.152.10:9401", "proxy=10.152.152.10:9401=tor"), "for one network alone"),
      ...[
        "  tcp = 0.0.0.0:50001",
        "admin = 0.0.0.0:8000",
        "admin=0.0.0.0:8000",
        "tor_hostname = x",
        "rpcpassword = x",
      ].map((line) => on(SERVER, plus(line), line)),
      on(SERVER, swap(/^datadir = .*$/m, "datadir = /tmp/x"), "an index for all to read"),
      on(WALLET, swap(/"server": "[^"]*",/, '$&\n        "server": "evil.example:50002:s",'), "a second server"),
      on(WALLET, swap('"oneserver": true', '"oneserver": "true"'), "a text for a truth value"),
      on(WALLET, swap('"unless set": {}', '"unless set": {"oneserver": true}'), "set only where nothing is"),
      on(WALLET, swap('"config_version": 3,', '"config_version": 3, "plugins.x": true,'), "a plugin"),
      ...[
        "[POLICY]\ntx_fees = 1",
        "[DAEMON]\ndaemon_host = evil",
        "  more",
        "tor_control_host: evil",
        "[X]\ny = z",
      ].map((line) => on(TRADER, plus(line), line)),
      on(TRADER, swap("commitment_list_location = .", "commitment_list_location = /tmp"), "a list elsewhere"),
      on(TRADER, swap("regtest_count = 0,0", "regtest_count = %(host)s"), "a value of another's"),
    ],
    twins: () => [
      on(NODE, plus("rpcservertimeout=60"), "a setting that may be chosen"),
      on(NODE, plus("#rpcbind=0.0.0.0"), "a comment"),
      on(SERVER, plus("max_history = 200000"), "a setting that may be chosen"),
      on(WALLET, swap('"config_version": 3,', '"num_zeros": 8,\n"config_version": 3,'), "in another form"),
      on(TRADER, swap("minimum_makers = 4", "minimum_makers = 4\ngaplimit = 6"), "a setting that may be chosen"),
      on(NODE, swap("dbcache=1600", "dbcache=800"), "another number"),
    ],
  },
  {
    name: "the user's own file, filled already",
    codes: ["QB845"],
    harms: () =>
      ["onlynet=ipv4", " proxy=1.2.3.4:9050", "includeconf=/home/user/x", "[main]"].map((line) =>
        on(`${NODE}.local`, plus(line), line),
      ),
    twins: () => [on(`${NODE}.local`, plus("# onlynet=ipv4"), "a comment")],
  },
  {
    name: "a text that the tree does not show",
    codes: ["QB847", "QB848"],
    harms: () => [
      on(STATES, swap(/"source": "[^"]*\/bitcoin\.conf"/, '"contents_pillar": "qwbtc:x"'), "settings from the pillar"),
      on(TOR, swap(/"source": "[^"]*\/torrc\.d\/[^"]*"/, '"contents_pillar": "qwbtc:x"'), "a torrc from the pillar"),
      on(STATES, swap(/("check_cmd": )"python3[^\n]*"/, '$1"true"'), "a secret that nothing checks"),
      on(STATES, swap(/("check_cmd": )"python3[^\n]*"/, '$1"cp -t /tmp --"'), "a check that copies it"),
      on(STATES, swap("[0-9a-f]+[$][0-9a-f]{64}", ".*"), "a shape that fits anything"),
      on(STATES, swap("'rpcauth=electrum-server:", "'rpcauth=personal:"), "another's password"),
      on(STATES, swap(/(\/rpcauth-electrum-server\.conf"\n {4}- "contents_pillar": ")[^"]*/, "$1x"), "another key"),
    ],
    twins: () => [on(STATES, swap("# A secret: it lies", "# A secret; it lies"), "another comment")],
  },
];

/** The example with a client by another name. */
function withKey(from: string, to: string): typeof exposed {
  const path = pathOf(exposed, `${KEYS}/${from}.auth`);
  return withTexts(exposed, { [path.replace(from, to)]: exposed.get(path)?.text, [path]: undefined });
}
