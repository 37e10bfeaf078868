// SPDX-License-Identifier: GPL-3.0-or-later

/** What a program's settings must say for a tree to be what it promises, and what they must not say. */
export interface HeldFile {
  /** The end of the path at which the settings land. */
  readonly path: RegExp;
  readonly program: string;
  /** The name of its option table, by which its role is found. */
  readonly options: string;
  /** Lines of which one must stand in it, as patterns of a whole line. */
  readonly must: readonly Held[];
  readonly never: readonly Held[];
}

interface Held {
  readonly line: RegExp;
  /** What is so, for people: `it does not ...`. */
  readonly what: string;
  /** Only where another line stands. */
  readonly where?: RegExp;
  /** Not where the program's daemon runs on another machine, for which the line then speaks, and has this form. */
  readonly far?: RegExp;
  /** The name of the reason by which a topology may mean it. */
  readonly unless?: string;
}

const BITCOIND = "bitcoind";
const LOOPBACK = String.raw`127\.0\.0\.1`;

/** Programs of these trees, by the files that the states write. Sources: the option tables of the roles, and through them the programs' own help. */
export const HELD_FILES: readonly HeldFile[] = [
  {
    path: /\/\.bitcoin\/bitcoin\.conf$/,
    program: BITCOIND,
    options: "Bitcoin Core",
    must: [
      { line: /^onlynet=onion$/, what: "it makes connections that are no onion services", unless: "tor" },
      { line: /^proxy=10\.152\.152\.10:[0-9]+$/, what: "what it dials does not go to Tor" },
      { line: /^onion=10\.152\.152\.10:[0-9]+$/, what: "onion services are not dialled through its gateway" },
      { line: /^proxyrandomize=1$/, what: "its connections share circuits", unless: "proxyrandomize" },
      { line: /^dns=0$/, what: "it looks names up", unless: "tor" },
      { line: /^dnsseed=0$/, what: "it asks seed servers by name, through exits", unless: "tor" },
      { line: /^discover=0$/, what: "it tells peers its own addresses" },
      { line: /^natpmp=0$/, what: "it asks the router to open a port" },
      { line: /^server=1$/, what: "it answers no RPC, and its clients find nothing" },
      { line: new RegExp(`^rpcbind=${LOOPBACK}$`), what: "its RPC is not bound to the loopback" },
      { line: new RegExp(`^rpcallowip=${LOOPBACK}$`), what: "its RPC is not held to the loopback" },
      {
        line: /^rpcwhitelistdefault=0$/,
        what: "bitcoin-cli is locked out, or a user without a list is not",
        where: /^includeconf=rpcauth-/m,
      },
      { line: /^nodebuglogfile=1$/, what: "it keeps a log of its peers on the disk", unless: "nodebuglogfile" },
    ],
    never: [
      { line: /^rpcbind=(?!127\.0\.0\.1$)/, what: "its RPC listens beyond the loopback" },
      { line: /^rpcallowip=(?!127\.0\.0\.1$)/, what: "its RPC answers others than the loopback" },
      { line: /^onlynet=(?!onion$)/, what: "it makes connections that are no onion services" },
      { line: /^(?:proxy|onion)=(?!10\.152\.152\.10:)/, what: "it dials through something that is not its gateway" },
      {
        line: /^bind=(?!127\.0\.0\.1:[0-9]+=onion$|0\.0\.0\.0:[0-9]+=onion$)/,
        what: "it takes peers that do not come by its onion service",
      },
      { line: /^zmqpub\w+=(?!tcp:\/\/127\.0\.0\.1:)/, what: "its notices go beyond the loopback" },
      { line: /^torcontrol=(?!127\.0\.0\.1:9051$)/, what: "it talks to a control port that is not its gateway's" },
      { line: /^rpc(?:password|user)=/, what: "it has a password for everything" },
      {
        line: /^(?:addnode|seednode|whitelist|whitebind|i2psam|torpassword|alertnotify|blocknotify|walletnotify|upnp)=(?!0$)/,
        what: "it has a setting that no topology of this kind gives it",
      },
      {
        line: /^externalip=(?![a-z2-7]{55}d\.onion:[0-9]+$)/,
        what: "it tells peers an address that is no onion service",
      },
      { line: /^connect=(?!0$)/, what: "its only peers are those that are named", unless: "connect" },
      { line: /^debug=(?!0$)/, what: "it writes down what it does, and for whom", unless: "debug" },
      { line: /^(?:startupnotify|shutdownnotify)=(?!systemd-notify )/, what: "it runs a command of somebody's" },
      {
        line: /^rpcwhitelist=[^:]*:(?:.*,)?(?:dump\w*|export\w*|send\w*to\w*|sendall|sendmany|send|wallet\w*|encryptwallet|importprivkey|stop|createwallet|backupwallet|restorewallet|unloadwallet|setban|addnode|invalidateblock|setnetworkactive|pruneblockchain|signrawtransactionwithwallet|psbt\w*|bumpfee)(?:,|$)/,
        what: "a client may do what its program never does",
      },
      { line: /^rpcwhitelist=[^:]+:?$/, what: "a client's list is empty or has no end" },
      {
        line: /^includeconf=(?!rpcauth-[\w-]+\.conf$|bitcoin\.conf\.local$)/,
        what: "it reads a file that this tree does not lay down",
      },
      { line: /^server=0$/, what: "it answers no RPC" },
      { line: /^(?:dns|dnsseed)=1$/, what: "it asks about names", unless: "tor" },
      { line: /^(?:discover|forcednsseed)=1$/, what: "it asks about names, or tells its own" },
    ],
  },
  {
    path: /\/fulcrum\.conf$/,
    program: "Fulcrum",
    options: "Fulcrum",
    must: [
      { line: /^tcp = 127\.0\.0\.1:[0-9]+$/, what: "it listens on every address" },
      { line: /^bitcoind = 127\.0\.0\.1:[0-9]+$/, what: "it asks a node that is not behind a link" },
      { line: /^rpccookie = \/home\/[\w./-]+$/, what: "it has no password of its own" },
      { line: /^peering = false$/, what: "it tells other servers that it exists" },
      { line: /^announce = false$/, what: "it announces itself" },
      {
        line: /^anon_logs = true$/,
        what: "it logs wallets' addresses",
        unless: "anon_logs",
        where: /^# fulcrum\.conf of [\w-]+: Fulcrum (?!1\.[0-8]\.)/,
      },
    ],
    never: [
      { line: /^tcp = (?!127\.0\.0\.1:)/, what: "it listens beyond the loopback" },
      { line: /^bitcoind = (?!127\.0\.0\.1:)/, what: "it asks a node that is not behind a link" },
      {
        line: /^(?:ssl|ws|wss|cert|key|tor_hostname|public_tcp_port|hostname|proxy|tor_proxy|rpcuser|rpcpassword|trace)\s*=/,
        what: "it has a setting that no topology of this kind gives it",
      },
      { line: /^debug = (?!false$)/, what: "it writes down what it does, and for whom", unless: "debug" },
      { line: /^(?:admin|stats) = (?!127\.0\.0\.1:)/, what: "its commands are open beyond the loopback" },
      { line: /^(?:peering|announce) = true$/, what: "it tells others that it exists" },
    ],
  },
  {
    path: /\/(?:electrum\/config\.json|\.electrum\/(?:\w+\/)?config)$/,
    program: "Electrum",
    options: "Electrum",
    must: [
      { line: /^\s*"server": "127\.0\.0\.1:[0-9]+:[ts]",?$/, what: "it asks a server that is not behind its link" },
      { line: /^\s*"oneserver": true,?$/, what: "it asks other servers as well" },
      { line: /^\s*"auto_connect": false,?$/, what: "it chooses servers by itself" },
      { line: /^\s*"check_updates": false,?$/, what: "it asks its makers for news" },
      { line: /^\s*"use_exchange_rate": false,?$/, what: "it asks for exchange rates" },
      { line: /^\s*"proxy": "none",?$/, what: "it asks its one server through a proxy that is not there" },
    ],
    never: [
      {
        line: /^\s*"(?:rpc\w*|watchtower\w*|run_watchtower|use_gossip|trampoline\w*|rpcpassword|url)":/,
        what: "it has a setting that no topology of this kind gives it",
      },
      { line: /^\s*"server": "(?!127\.0\.0\.1:)/, what: "it asks a server that is not behind its link" },
    ],
  },
  {
    path: /\/\.joinmarket\/joinmarket\.cfg$/,
    program: "JoinMarket",
    options: "JoinMarket",
    must: [
      { line: /^daemon_host = 127\.0\.0\.1$/, what: "it asks a daemon that is not behind its link" },
      { line: /^no_daemon = 0$/, what: "it talks to traders itself" },
      { line: /^blockchain_source = (?:bitcoin-rpc|regtest$)/, what: "it does not ask your own node" },
      { line: /^rpc_host = 127\.0\.0\.1$/, what: "it asks a node that is not behind its link" },
      { line: /^rpc_cookie_file = \/home\/[\w./-]+$/, what: "it has no password of its own" },
      {
        line: /^tor_control_host = 127\.0\.0\.1$/,
        what: "it looks for a control port elsewhere",
        where: /^\[MESSAGING:onion\]$/m,
      },
    ],
    never: [
      {
        line: /^(?:daemon_host|rpc_host|tor_control_host|onion_serving_host) = (?!127\.0\.0\.1$)/,
        what: "it reaches beyond its own loopback",
      },
      {
        line: /^(?:socks5_host|onion_socks5_host) = (?!10\.152\.152\.10$)/,
        what: "its messages do not go to its daemon's gateway",
        far: / = 127\.0\.0\.1$/,
      },
      { line: /^rpc_(?:user|password) = ./, what: "a password stands in it" },
      { line: /^socks5 = false$/, what: "its messages go past Tor" },
      { line: /^host = (?![a-z2-7]{56}\.onion$)/, what: "it meets traders through an exit" },
      {
        line: /^(?:enabled = true)$/,
        what: "it runs what the topology would have to ask for",
        where: /^\[SNICKER\]$/m,
      },
    ],
  },
];
