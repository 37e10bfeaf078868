// SPDX-License-Identifier: GPL-3.0-or-later
/** What may be meant with a reason only: without it the tree's rules see the departure all the same. */
import { compiled } from "../../compiled.ts";
import { edit, good, harming, swap, type Harm, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";

const seed = good("seed");
const on = harming(seed);
const CONF = "/.bitcoin/bitcoin.conf";
const JOINMARKET = "/joinmarket.cfg";
const last = (line: string) => (text: string) => `${text}${line}\n`;

/** A system that departs from what is safe in every way that a tree can show, each with its reason. */
const DEPARTED = `
formula: qwbtc
platform: { qubes: "4.3", whonix: 18 }
qubes:
  sys-bitcoin: { role: whonix-gateway }
  bitcoin-server:
    role: bitcoind
    netvm: sys-bitcoin
    tor: onion-preferred
    settings: { blocksonly: true, debug: [net], uacomment: mine }
    because: { tor: reason a, blocksonly: reason b, debug: reason c, uacomment: reason d }
  electrum-server:
    role: fulcrum
    bitcoind: bitcoin-server
    onion: { gateway: sys-bitcoin, public: true }
    because: { public: reason e }
  sys-joinmarket: { role: whonix-gateway }
  joinmarket-server:
    role: joinmarketd
    netvm: sys-joinmarket
    remote: { host: pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad.onion, port: 27183, over: onion, auth: true }
    because: { shared-gateway: reason f }
  downloader: { role: downloader, netvm: sys-joinmarket }
  one: { role: joinmarket-wallet, joinmarketd: joinmarket-server, bitcoind: bitcoin-server }
  two:
    role: joinmarket-wallet
    joinmarketd: joinmarket-server
    bitcoind: bitcoin-server
    because: { shared-node: reason g }
`;
export const departed = compiled(DEPARTED).tree;

/** Another role for a qube, in the manifest alone. */
const claim = (qube: string, role: string) =>
  swap(new RegExp(`("${qube}": \\{\\n\\s*"role": )"[\\w-]+"`), `$1"${role}"`);

/** A tree that makes no claims, and whose wallet has a network. */
const unnamed = () => {
  const tree = edit(
    seed,
    "/dom0/qubes.sls",
    inState("network-electrum-client", '"netvm": "none"', '"netvm": "sys-bitcoin"'),
  );
  return edit(tree, "MANIFEST.json", () => '{ "files": {} }');
};

/** The tree without the reason of that name. */
const unsaid = (key: string): Harm =>
  on("MANIFEST.json", swap(new RegExp(`"key": "${key}"`), '"key": "other"'), `no reason for ${key}`, departed);

export const onDepartures: readonly HarmClass[] = [
  {
    name: "a departure whose reason is taken out",
    codes: ["QB780", "QB781", "QB791", "QB792", "QB793", "QB794"],
    harms: () => ["tor", "blocksonly", "debug", "uacomment", "public", "shared-gateway", "shared-node"].map(unsaid),
    twins: () => [
      on("MANIFEST.json", swap('"because": "reason a"', '"because": "another reason"'), "another reason", departed),
    ],
  },
  {
    name: "a setting that is safe as it is",
    codes: ["QB791"],
    harms: () => [
      on(CONF, last("blocksonly=1"), "the node relays nothing"),
      on(CONF, last("peerbloomfilters=1"), "strangers may make it work"),
      on(CONF, last("uacomment=mine"), "peers know it again"),
      on(
        CONF,
        last("assumevalid=0000000000000000000000000000000000000000000000000000000000000001"),
        "a hash is believed",
      ),
      on(CONF, last("logips=1"), "peers' addresses are logged"),
      on(JOINMARKET, swap(/^tx_broadcast = .*$/m, "tx_broadcast = self"), "its node sends all"),
      on(JOINMARKET, swap(/^max_sats_freeze_reuse = .*$/m, "max_sats_freeze_reuse = 0"), "marked coins are used"),
      on(JOINMARKET, swap(/^tx_broadcast = .*$/m, "tx_broadcast = random-peer\nnative = false"), "the old kind"),
      on(JOINMARKET, swap(/^tx_broadcast = .*$/m, "tx_broadcast = random-peer\ntaker_utxo_age = 1"), "another age"),
      on(
        "/electrum/config.json",
        swap('"oneserver": true,', '"oneserver": true,\n        "batch_rbf": true,'),
        "payments together",
      ),
      on(
        "/electrum/config.json",
        swap('"oneserver": true,', '"oneserver": true,\n        "log_to_file": true,'),
        "a log",
      ),
    ],
    twins: () => [
      on(CONF, last("blocksonly=0"), "said to be off"),
      on(CONF, last("logips=0"), "said to be off, too"),
      on(
        "/electrum/config.json",
        swap('"oneserver": true,', '"oneserver": true,\n        "batch_rbf": false,'),
        "off in JSON",
      ),
    ],
  },
  {
    name: "an onion service for everybody",
    codes: ["QB792"],
    harms: () => [
      on(
        "/qube/sys-electrum.sls",
        (text) =>
          text
            .replaceAll("/authorized_clients/laptop.auth", "/laptop.auth")
            .replaceAll("/authorized_clients/phone.auth", "/phone.auth"),
        "keys where tor does not look",
        good("exposed"),
      ),
      on(
        "sys-electrum/usr/local/etc/torrc.d/40_qwbtc.conf",
        (text) =>
          `${text}HiddenServiceDir /var/lib/tor/qwbtc-more\n${/^HiddenServicePort 50001 .*$/m.exec(text)?.[0]}\n`,
        "a second way to the same server",
        good("exposed"),
      ),
    ],
    twins: () => [
      on(
        "sys-bitcoin/usr/local/etc/torrc.d/40_qwbtc.conf",
        swap(/(HiddenServicePort )8333 /, "$18444 "),
        "peers come by another port",
        good("exposed"),
      ),
    ],
  },
  {
    name: "a role that a qube has not",
    codes: ["QB738", "QB739"],
    harms: () => [
      on("MANIFEST.json", claim("electrum-client", "bitcoind"), "a wallet as a node"),
      on("MANIFEST.json", claim("bitcoin-server", "downloader"), "a node as a downloader"),
      on("MANIFEST.json", claim("joinmarket-server", "electrum-wallet"), "a daemon as a wallet"),
      on("MANIFEST.json", claim("sys-bitcoin", "joinmarketd"), "a gateway as a daemon"),
      on("MANIFEST.json", claim("electrum-server", "something"), "none that is known"),
      on(
        "/dom0/qubes.sls",
        inState("network-electrum-client", '"netvm": "none"', '"netvm": "sys-bitcoin"'),
        "a wallet with a network, as a node",
        edit(seed, "MANIFEST.json", claim("electrum-client", "bitcoind")),
      ),
      on(
        "/files/electrum-client/usr/local/lib/qwbtc-salt/electrum/config.json",
        () => "{}\n",
        "another text",
        unnamed(),
      ),
    ],
    twins: () => [on("MANIFEST.json", swap('"version": "31.1"', '"version":  "31.1"'), "other blanks")],
  },
  {
    name: "clients that see each other's wallets",
    codes: ["QB793"],
    harms: () =>
      ["listunspent", "loadwallet", "importdescriptors", "getwalletinfo"].map((method) =>
        on(CONF, swap("rpcwhitelist=electrum-server:", `rpcwhitelist=electrum-server:${method},`), method),
      ),
    twins: () => [
      on(
        CONF,
        swap("rpcwhitelist=electrum-server:", "rpcwhitelist=electrum-server:getblockcount,"),
        "one that asks about the chain",
      ),
    ],
  },
];
