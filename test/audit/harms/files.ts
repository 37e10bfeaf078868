// SPDX-License-Identifier: GPL-3.0-or-later
/** What lands where, in which mode, and what must never be in a tree. */
import { good, harming, plus, swap, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";

const tree = good("seed");
const on = harming(tree);
const NODE = "/qube/bitcoin-server.sls";
const WALLET = "/qube/electrum-client.sls";
const CONF = "/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf";
const SECRET = "secret-/home/fulcrum/.fulcrum/rpc-cookie";
const SERVER = "/qube/electrum-server.sls";
const managed = (id: string, ...args: string[]) =>
  `\n"qwbtc-${id}":\n  file.managed:\n${args.map((one) => `    - ${one}\n`).join("")}`;
const call = (fun: string, ...args: string[]) =>
  `\n"qwbtc-more":\n  ${fun}:\n${args.map((one) => `    - ${one}\n`).join("")}`;
const hex = "0123456789abcdef".repeat(4);

export const onFiles: readonly HarmClass[] = [
  {
    name: "a secret in the tree",
    codes: ["QB750", "QB781"],
    harms: () => [
      on(CONF, plus("rpcpassword=hunter2hunter2"), "an RPC password"),
      on(CONF, plus("rpcuser=bitcoin"), "an RPC user"),
      on(CONF, plus(`rpcauth=electrum-server:${hex.slice(0, 32)}$${hex}`), "the hash of one"),
      on(
        SERVER,
        plus(
          managed(
            "cookie",
            '"name": "/home/fulcrum/.fulcrum/x"',
            `"contents": "__cookie__:${hex}"`,
            '"mode": "0600"',
            '"user": "fulcrum"',
          ),
        ),
        "a cookie in a state",
      ),
      on(WALLET, plus("# -----BEGIN PGP PRIVATE KEY BLOCK-----"), "a private key in a comment"),
      on(WALLET, plus(`# xprv${"9s21ZrQH143K".repeat(9)}`), "an extended private key"),
      on(WALLET, plus(`# zpub${"6rFR7y4Q2Aij".repeat(9)}`), "an extended public key: all addresses"),
      on(WALLET, plus(`# K${"wDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU"}${"73sVHnoWn"}`), "a key for import"),
      on(
        "/qube/sys-bitcoin.sls",
        plus(`# ${"a".repeat(56)}:descriptor:x25519:${"A".repeat(52)}`),
        "a key to an onion service",
      ),
      on("/qube/sys-bitcoin.sls", plus(`# ED25519-V3:${"A".repeat(86)}==`), "an onion service's own key"),
      on(
        "/electrum-client/usr/local/lib/qwbtc-salt/electrum/config.json",
        swap(
          '"always": {',
          '"always": {\n        "seed": "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",',
        ),
        "the words of a seed",
      ),
    ],
    twins: () => [
      on(CONF, plus("# rpcauth is made in dom0; no password stands here"), "a word about passwords"),
      on(WALLET, plus(`# ${hex}`), "a digest"),
    ],
  },
  {
    name: "a secret that is written carelessly",
    codes: ["QB751"],
    harms: () => [
      on(SERVER, inState(SECRET, '    - "show_changes": false\n', ""), "shown"),
      on(SERVER, inState(SECRET, '"show_changes": false', '"show_changes": true'), "shown outright"),
      on(SERVER, inState(SECRET, '    - "contents_newline": false\n', ""), "with a line break"),
      on(SERVER, inState(SECRET, /    - "check_cmd": [^\n]*\n/, ""), "unchecked"),
      on(SERVER, inState(SECRET, '"mode": "0600"', '"mode": "0640"'), "for its group"),
      on(SERVER, inState(SECRET, '"mode": "0600"', '"mode": "0644"'), "for everybody"),
      on(SERVER, inState(SECRET, '    - "mode": "0600"\n', ""), "in whatever mode"),
      on(SERVER, inState(SECRET, '    - "user": "fulcrum"\n', ""), "for whoever"),
    ],
    twins: () => [on(SERVER, inState(SECRET, '"mode": "0600"', '"mode": "0400"'), "read-only")],
  },
  {
    name: "a file that others may change or read",
    codes: ["QB752"],
    harms: () => [
      on(
        NODE,
        inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '"mode": "0600"', '"mode": "0644"'),
        "settings that all may read",
      ),
      on(
        NODE,
        inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '"mode": "0600"', '"mode": "0660"'),
        "settings that the group may change",
      ),
      on(
        NODE,
        inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '"mode": "0600"', '"mode": 384'),
        "a mode that is a number",
      ),
      on(NODE, inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '    - "mode": "0600"\n', ""), "no mode"),
      on(
        NODE,
        inState("file-/usr/local/bin/bitcoin-cli", '"mode": "0755"', '"mode": "0777"'),
        "a command that all may change",
      ),
      on(
        NODE,
        inState("file-/usr/local/bin/bitcoin-cli", '"user": "root"', '"user": "user"'),
        "a command that is the user's",
      ),
      on(
        "/qube/electrum-client.sls",
        inState("file-/usr/local/bin/electrum", '"user": "root"', '"user": "user"'),
        "Electrum's start that is the user's",
      ),
      on(
        "/qube/sys-bitcoin.sls",
        inState("file-/usr/local/etc/torrc.d/40_qwbtc.conf", '"mode": "0644"', '"mode": "0666"'),
        "tor's settings that all may change",
      ),
      on(
        "/qube/sys-bitcoin.sls",
        inState("file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf", '"user": "root"', '"user": "user"'),
        "the firewall that is the user's",
      ),
      on(
        "/template/qwbtc-ws-bitcoin.sls",
        inState("file-/usr/lib/systemd/system/qwbtc-bitcoind.service", '"mode": "0644"', '"mode": "0646"'),
        "a unit that all may change",
      ),
      on(
        "/template/qwbtc-ws-bitcoin.sls",
        inState("file-/usr/lib/systemd/system/qwbtc-bitcoind.service", '"user": "root"', '"user": "bitcoin"'),
        "a unit that is the daemon's",
      ),
      on(
        "/qube/electrum-server.sls",
        inState("file-/home/fulcrum/.fulcrum/fulcrum.conf", '"mode": "0600"', '"mode": "0604"'),
        "a server's settings that all may read",
      ),
    ],
    twins: () => [
      on(
        NODE,
        inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '"mode": "0600"', '"mode": "0400"'),
        "settings, read-only",
      ),
      on(NODE, inState("file-/usr/local/bin/bitcoin-cli", '"mode": "0755"', '"mode": "0555"'), "a command, read-only"),
    ],
  },
  {
    name: "a file that its machine forgets",
    codes: ["QB753"],
    harms: () => [
      on(
        NODE,
        swap('"name": "/usr/local/bin/bitcoin-cli"', '"name": "/usr/bin/bitcoin-cli"'),
        "a command in an AppVM's /usr",
      ),
      on(
        NODE,
        swap(
          '"name": "/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"',
          '"name": "/etc/whonix_firewall.d/40_qwbtc.conf"',
        ),
        "the firewall in an AppVM's /etc",
      ),
      on(
        NODE,
        swap(
          '"name": "/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"',
          '"name": "/rw/config/whonix_firewall.d/40_qwbtc.conf"',
        ),
        "the firewall where Whonix no longer looks",
      ),
      on(
        "/qube/sys-bitcoin.sls",
        swap('"name": "/usr/local/etc/torrc.d/40_qwbtc.conf"', '"name": "/etc/torrc.d/40_qwbtc.conf"'),
        "tor's settings in an AppVM's /etc",
      ),
      on(
        "/template/qwbtc-ws-bitcoin.sls",
        swap(
          '"name": "/usr/lib/systemd/system/qwbtc-bitcoind.service"',
          '"name": "/usr/local/lib/systemd/system/qwbtc-bitcoind.service"',
        ),
        "a unit where the qube's own /usr/local hides it",
      ),
      on(
        "/qube/electrum-client.sls",
        plus(call("file.symlink", '"name": "/opt/electrum"', '"target": "/usr/bin/electrum"')),
        "a link in /opt",
      ),
      on(
        "/template/qwbtc-ws-bitcoin.sls",
        plus(call("file.directory", '"name": "/home/bitcoin/.bitcoin"', '"mode": "0700"')),
        "a template's home",
      ),
      on(NODE, plus(call("file.directory", '"name": "/var/lib/bitcoind"', '"mode": "0700"')), "the chain in /var"),
    ],
    twins: () => [
      on(
        NODE,
        plus(call("file.directory", '"name": "/usr/local/lib/qwbtc-salt/recipes"', '"mode": "0755"', '"user": "root"')),
        "a folder of /usr/local",
      ),
    ],
  },
  {
    name: "a file whose text is not in the tree",
    codes: ["QB754"],
    harms: () =>
      [
        "https://example.org/bitcoin.conf",
        "salt://other/bitcoin.conf",
        "/tmp/bitcoin.conf",
        "http://mirror/x",
        "git://example.org/x",
      ].map((source) =>
        on(
          NODE,
          swap(
            '"source": "salt://qwbtc/files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf"',
            `"source": "${source}"`,
          ),
          source,
        ),
      ),
    twins: () => [
      on(
        NODE,
        plus(
          managed(
            "note",
            '"name": "/usr/local/etc/qwbtc-salt/forward-1.env"',
            '"contents": "# here"',
            '"mode": "0644"',
            '"user": "root"',
          ),
        ),
        "a text in the state itself",
      ),
    ],
  },
];
