// SPDX-License-Identifier: GPL-3.0-or-later
import type { Format } from "./settings-text.ts";

/** How a program's settings are written, and the values of those that follow from a topology; of all others the option tables say what they take. */
export interface KnownValues {
  readonly format: Format;
  /** The value of each, whole. */
  readonly values: Readonly<Record<string, RegExp>>;
  /** Those that a user may switch, so that they are set only where nothing is (a wallet with a choice of servers). */
  readonly switched?: readonly string[];
}

const LOOPBACK = /^127\.0\.0\.1$/;
const GATEWAY = /^10\.152\.152\.10:[0-9]{1,5}$/;
/** The gateway's tor, or the loopback of the machine on which a daemon runs that is elsewhere; which of them is held against the links (QB781). */
const SOCKS_HOST = /^(?:10\.152\.152\.10|127\.0\.0\.1)$/;
const PORT = /^[1-9][0-9]{0,4}$/;
const FLAG = /^[01]$/;
const NO = /^0$/;
const YES = /^1$/;
const FALSE = /^false$/;
const HOME = /^\/home(?:\/\.?[\w-]+)+$/;

/** By the names of the option tables. Sources: the tables themselves. */
export const KNOWN_VALUES: Readonly<Record<string, KnownValues>> = {
  "Bitcoin Core": {
    format: "bitcoin",
    values: {
      chain: /^(?:main|test|testnet4|signet|regtest)$/,
      includeconf: /^(?:rpcauth-[\w-]+\.conf|bitcoin\.conf\.local)$/,
      server: YES,
      disablewallet: FLAG,
      deprecatedrpc: /^create_bdb$/,
      startupnotify: /^systemd-notify --ready$/,
      shutdownnotify: /^systemd-notify STOPPING=1$/,
      onlynet: /^onion$/,
      onion: GATEWAY,
      proxy: GATEWAY,
      dns: FLAG,
      dnsseed: FLAG,
      fixedseeds: YES,
      discover: NO,
      natpmp: NO,
      listen: FLAG,
      bind: /^(?:127\.0\.0\.1|0\.0\.0\.0):[0-9]{1,5}=onion$/,
      listenonion: FLAG,
      torcontrol: /^127\.0\.0\.1:9051$/,
      externalip: /^[a-z2-7]{55}d\.onion:[0-9]{1,5}$/,
      rpcbind: LOOPBACK,
      rpcallowip: LOOPBACK,
      rpcport: PORT,
      rpcwhitelistdefault: NO,
      rpcwhitelist: /^[\w-]+:[a-z]+(?:,[a-z]+)*$/,
      zmqpubhashblock: /^tcp:\/\/127\.0\.0\.1:[0-9]{1,5}$/,
    },
  },
  Fulcrum: {
    format: "fulcrum",
    values: {
      bitcoind: /^127\.0\.0\.1:[0-9]{1,5}$/,
      rpccookie: HOME,
      tcp: /^127\.0\.0\.1:[0-9]{1,5}$/,
      peering: FALSE,
      announce: FALSE,
      ts_format: /^none$/,
      datadir: HOME,
    },
  },
  Electrum: {
    format: "json",
    values: {
      config_version: /^3$/,
      server: /^127\.0\.0\.1:[0-9]{1,5}:[ts]$/,
      serverfingerprint: /^[0-9a-f]{64}$/,
      oneserver: /^true$/,
      auto_connect: FALSE,
      check_updates: FALSE,
      use_exchange_rate: FALSE,
      proxy: /^none$/,
      enable_proxy: FALSE,
      terms_of_use_accepted: YES,
      dont_show_testnet_warning: /^true$/,
    },
    switched: ["server"],
  },
  JoinMarket: {
    format: "ini",
    values: {
      no_daemon: NO,
      daemon_port: PORT,
      daemon_host: LOOPBACK,
      use_ssl: FALSE,
      blockchain_source: /^(?:bitcoin-rpc|regtest)$/,
      network: /^(?:mainnet|testnet|signet)$/,
      rpc_host: LOOPBACK,
      rpc_port: PORT,
      rpc_cookie_file: HOME,
      rpc_wallet_file: /^[\w-]+$/,
      type: /^onion$/,
      socks5_host: SOCKS_HOST,
      socks5_port: PORT,
      tor_control_host: LOOPBACK,
      tor_control_port: /^9051$/,
      onion_serving_host: LOOPBACK,
      onion_serving_port: PORT,
      // Empty: an onion service of a new name at each start, whose key nobody keeps.
      hidden_service_dir: /^$/,
      regtest_count: /^0,0$/,
      channel: /^joinmarket-pit$/,
      host: /^[a-z2-7]{55}d\.onion$/,
      port: PORT,
      usessl: FALSE,
      socks5: /^true$/,
      commitment_list_location: /^\.$/,
      onion_socks5_host: SOCKS_HOST,
      onion_socks5_port: PORT,
      enabled: /^(?:true|false)$/,
    },
  },
};

/** Which of these values JSON has as texts: Electrum takes the text "false" for yes. */
export const QUOTED: ReadonlySet<string> = new Set(["server", "serverfingerprint", "proxy"]);
