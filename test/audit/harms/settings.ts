// SPDX-License-Identifier: GPL-3.0-or-later
/** What programs are told. */
import { good, harming, plus, swap, without, type HarmClass } from "../harm.ts";

const tree = good("seed");
const on = harming(tree);
const NODE = "/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf";
const SERVER = "/electrum-server/home/fulcrum/.fulcrum/fulcrum.conf";
const WALLET = "/electrum-client/usr/local/lib/qwbtc-salt/electrum/config.json";
const TRADER = "/joinmarket-client/home/user/.joinmarket/joinmarket.cfg";
const from = (end: string, pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([old, now]) => on(end, now === "" ? without(old) : swap(old, now), now === "" ? `without ${old}` : now));

export const onSettings: readonly HarmClass[] = [
  {
    name: "a setting of bitcoind that is gone",
    codes: ["QB780"],
    harms: () =>
      from(
        NODE,
        [
          "onlynet=onion",
          "proxy=10.152.152.10:9401",
          "onion=10.152.152.10:9401",
          "proxyrandomize=1",
          "dns=0",
          "dnsseed=0",
          "discover=0",
          "natpmp=0",
          "server=1",
          "rpcbind=127.0.0.1",
          "rpcallowip=127.0.0.1",
          "rpcwhitelistdefault=0",
          "nodebuglogfile=1",
        ].map((line) => [line, ""] as const),
      ),
    twins: () =>
      from(NODE, [
        ["dbcache=1600", "dbcache=900"],
        ["maxuploadtarget=5000M", "maxuploadtarget=1000M"],
      ]),
  },
  {
    name: "a setting of bitcoind that no tree has",
    codes: ["QB781", "QB782"],
    harms: () => [
      ...from(NODE, [
        ["rpcbind=127.0.0.1", "rpcbind=0.0.0.0"],
        ["rpcallowip=127.0.0.1", "rpcallowip=10.137.0.0/16"],
        ["onlynet=onion", "onlynet=ipv4"],
        ["proxy=10.152.152.10:9401", "proxy=127.0.0.1:9050"],
        ["onion=10.152.152.10:9401", "onion=10.137.0.9:9050"],
        ["bind=0.0.0.0:8334=onion", "bind=0.0.0.0:8333"],
        ["torcontrol=127.0.0.1:9051", "torcontrol=10.152.152.10:9051"],
        ["zmqpubhashblock=tcp://127.0.0.1:8433", "zmqpubhashblock=tcp://0.0.0.0:8433"],
        ["startupnotify=systemd-notify --ready", "startupnotify=curl https://example.org"],
        ["dns=0", "dns=1"],
        ["server=1", "server=0"],
        ["rpcwhitelistdefault=0", "rpcwhitelistdefault=0\nrpcwhitelistdefault=1"],
      ]),
      ...[
        "addnode=1.2.3.4",
        "connect=1.2.3.4",
        "seednode=seed.example.org",
        "externalip=1.2.3.4",
        "whitelist=0.0.0.0/0",
        "whitebind=0.0.0.0:8335",
        "i2psam=127.0.0.1:7656",
        "blocknotify=/home/user/x",
        "walletnotify=/home/user/x",
        "debug=net",
        "onlynet=ipv6",
        "rpcbind=::",
        "zmqpubrawtx=tcp://*:28332",
        "includeconf=/home/user/more.conf",
      ].map((line) => on(NODE, plus(line), line)),
    ],
    twins: () => [
      on(NODE, plus("# rpcbind=0.0.0.0 would open it to everybody"), "a comment"),
      on(NODE, plus("maxmempool=200"), "a harmless setting"),
    ],
  },
  {
    name: "a client of the node that may do more",
    codes: ["QB781", "QB783"],
    harms: () => [
      ...[
        "dumpprivkey",
        "sendtoaddress",
        "walletpassphrase",
        "stop",
        "importprivkey",
        "setban",
        "addnode",
        "createwallet",
        "dumpwallet",
        "sendall",
        "signrawtransactionwithwallet",
        "invalidateblock",
      ].map((method) =>
        on(NODE, swap("rpcwhitelist=electrum-server:", `rpcwhitelist=electrum-server:${method},`), method),
      ),
      on(NODE, swap(/rpcwhitelist=electrum-server:[^\n]*\n/, ""), "no list at all"),
      on(NODE, swap(/rpcwhitelist=electrum-server:[^\n]*\n/, "rpcwhitelist=electrum-server:\n"), "an empty list"),
      on(NODE, swap("rpcwhitelist=electrum-server:", "rpcwhitelist=electrum-sever:"), "a list for nobody"),
      on(
        NODE,
        swap("includeconf=rpcauth-electrum-server.conf", "includeconf=rpcauth-electrum-sever.conf"),
        "a password of nobody",
      ),
      on(NODE, swap("includeconf=rpcauth-electrum-server.conf\n", ""), "a password that is never read"),
      on(NODE, plus("rpcwhitelist=joinmarket-client:getblockcount"), "two lists"),
    ],
    twins: () => [
      on(
        NODE,
        swap("rpcwhitelist=electrum-server:estimatesmartfee,", "rpcwhitelist=electrum-server:"),
        "one call less",
      ),
    ],
  },
  {
    name: "a setting of Fulcrum that opens it",
    codes: ["QB780", "QB781", "QB782"],
    harms: () => [
      ...from(SERVER, [
        ["tcp = 127.0.0.1:50001", ""],
        ["tcp = 127.0.0.1:50001", "tcp = 0.0.0.0:50001"],
        ["peering = false", ""],
        ["peering = false", "peering = true"],
        ["announce = false", ""],
        ["anon_logs = true", ""],
        ["anon_logs = true", "anon_logs = false"],
        ["bitcoind = 127.0.0.1:8332", "bitcoind = 10.137.0.9:8332"],
        ["rpccookie = /home/fulcrum/.fulcrum/rpc-cookie", ""],
      ]),
      ...[
        "ssl = 0.0.0.0:50002",
        "ws = 127.0.0.1:50003",
        "admin = 0.0.0.0:8000",
        "stats = 0.0.0.0:8080",
        "hostname = me.example.org",
        "rpcuser = x",
        "debug = true",
        "tcp = 127.0.0.1:50002",
      ].map((line) => on(SERVER, plus(line), line)),
    ],
    twins: () => from(SERVER, [["db_mem = 2000", "db_mem = 1000"]]),
  },
  {
    name: "a setting of Electrum that lets it out",
    codes: ["QB780", "QB781"],
    harms: () =>
      from(WALLET, [
        ['"server": "127.0.0.1:50001:t"', '"server": "electrum.example.org:50002:s"'],
        ['"server": "127.0.0.1:50001:t"', '"server": "10.137.0.9:50001:t"'],
        ['"oneserver": true', '"oneserver": false'],
        ['"auto_connect": false', '"auto_connect": true'],
        ['"check_updates": false', '"check_updates": true'],
        ['"use_exchange_rate": false', '"use_exchange_rate": true'],
        ['"proxy": "none"', '"proxy": "socks5:10.152.152.10:9050"'],
        ['        "oneserver": true,', ""],
        ['        "auto_connect": false,', ""],
        ['"config_version": 3,', '"config_version": 3,\n        "rpchost": "0.0.0.0",'],
        ['"config_version": 3,', '"config_version": 3,\n        "run_watchtower": true,'],
      ]),
    twins: () => from(WALLET, [['"unless set": {}', '"unless set": { "num_zeros": 8 }']]),
  },
  {
    name: "a setting of JoinMarket that lets it out",
    codes: ["QB780", "QB781", "QB782", "QB784"],
    harms: () => [
      ...from(TRADER, [
        ["daemon_host = 127.0.0.1", "daemon_host = 10.137.0.9"],
        ["no_daemon = 0", "no_daemon = 1"],
        ["rpc_host = 127.0.0.1", "rpc_host = node.example.org"],
        ["rpc_cookie_file = /home/user/.joinmarket/rpc-cookie", "rpc_user = x\nrpc_password = y"],
        ["blockchain_source = bitcoin-rpc", "blockchain_source = electrum-server"],
        ["tor_control_host = 127.0.0.1", "tor_control_host = 10.152.152.10"],
        ["onion_serving_host = 127.0.0.1", "onion_serving_host = 0.0.0.0"],
        ["socks5_host = 10.152.152.10", "socks5_host = 127.0.0.1"],
        ["socks5 = true", "socks5 = false"],
        ["host = ncwkrwxpq2ikcngxq3dy2xctuheniggtqeibvgofixpzvrwpa77tozqd.onion", "host = irc.hackint.org"],
        ["enabled = false", "enabled = true"],
        ["daemon_port = 27183", "daemon_port = 27184"],
        ["rpc_port = 8332", "rpc_port = 8333"],
      ]),
    ],
    twins: () => from(TRADER, [["minimum_makers = 4", "minimum_makers = 5"]]),
  },
  {
    name: "a program that dials a port of nobody's",
    codes: ["QB784", "QB780"],
    harms: () => [
      ...from(SERVER, [["bitcoind = 127.0.0.1:8332", "bitcoind = 127.0.0.1:18332"]]),
      ...from(WALLET, [['"server": "127.0.0.1:50001:t"', '"server": "127.0.0.1:50002:t"']]),
    ],
    twins: () => from(SERVER, [["bitcoind_timeout = 600", "bitcoind_timeout = 300"]]),
  },
];
