// SPDX-License-Identifier: GPL-3.0-or-later
/** Ways to spoil what runs in the qubes and what dom0 knows of them, likewise. */
import { inQube, pref, type Sabotage } from "./harm.ts";
import { chain } from "./qube.ts";

const node = "/home/bitcoin/.bitcoin";
// Tests restart it more often than systemd would let a unit that starts again and again (StartLimitBurst): that counter is put back.
const restartTor = "systemctl reset-failed tor@default; systemctl restart tor@default";

/** Units, programs, settings, secrets, heights. */
export const inside: readonly Sabotage[] = [
  {
    name: "a link's socket that was stopped",
    ...inQube("electrum-client", "systemctl stop qwbtc-tcp-50001.socket", "systemctl start qwbtc-tcp-50001.socket"),
    failed: ["electrum-client: link electrum to electrum-server", "electrum-client: unit qwbtc-tcp-50001.socket"],
    detail: /inactive \(dead\)/,
  },
  {
    name: "a net qube for the wallet",
    ...pref("electrum-client", "netvm", "sys-firewall"),
    failed: ["electrum-client: net qube"],
    detail: /sys-firewall; the tree has none/,
  },
  {
    name: "a disposable for the server",
    ...pref("electrum-server", "default_dispvm", "default-dvm"),
    failed: ["electrum-server: default disposable"],
    detail: /default-dvm/,
  },
  {
    name: "a SocksPort without OnionTrafficOnly",
    ...inQube(
      "sys-bitcoin",
      `sed -i 's/ OnionTrafficOnly//' /etc/standin/torrc && ${restartTor}`,
      `sed -i '/9401/s/$/ OnionTrafficOnly/' /etc/standin/torrc && ${restartTor}`,
    ),
    failed: ["bitcoin-server: gateway's SocksPort 9401", "sys-bitcoin: Tor's settings"],
    detail: /lacks OnionTrafficOnly/,
  },
  {
    name: "a gateway without our SocksPort",
    ...inQube(
      "sys-bitcoin",
      `sed -i 's/^SocksPort 0.0.0.0:9401/#&/' /etc/standin/torrc && ${restartTor}`,
      `sed -i 's/^#SocksPort/SocksPort/' /etc/standin/torrc && ${restartTor}`,
    ),
    failed: ["bitcoin-server: gateway's SocksPort 9401", "sys-bitcoin: Tor's settings"],
    detail: /has no SocksPort 9401/,
  },
  {
    name: "an onion service of an earlier topology",
    ...inQube(
      "sys-bitcoin",
      `printf 'HiddenServiceDir /var/lib/tor/qwbtc-old\\nHiddenServicePort 80 127.0.0.1:80\\n' >>/etc/standin/torrc && ${restartTor}`,
      `sed -i '/^HiddenService/d' /etc/standin/torrc && ${restartTor}`,
    ),
    failed: ["sys-bitcoin: Tor's settings"],
    detail: /still offers \/var\/lib\/tor\/qwbtc-old/,
  },
  {
    name: "a tor that is half way up",
    ...inQube("sys-bitcoin", "echo 45 >/etc/standin/bootstrap", "echo 100 >/etc/standin/bootstrap"),
    failed: ["sys-bitcoin: Tor is up"],
    detail: /45 %/,
  },
  {
    name: "no tor",
    ...inQube("sys-bitcoin", "systemctl stop tor@default", "systemctl start tor@default"),
    failed: [
      "bitcoin-server: gateway's SocksPort 9180",
      "bitcoin-server: gateway's SocksPort 9401",
      "sys-bitcoin: Tor is up",
      "sys-bitcoin: Tor's settings",
    ],
    detail: /Connection refused/,
  },
  {
    name: "a node that is down",
    ...inQube("bitcoin-server", "systemctl stop qwbtc-bitcoind", "systemctl start qwbtc-bitcoind"),
    failed: [
      "bitcoin-server: its ports",
      "bitcoin-server: unit qwbtc-bitcoind.service",
      "electrum-server: link rpc to bitcoin-server",
      "electrum-server: link zmq to bitcoin-server",
    ],
    untried: ["bitcoin-server: height"],
    detail: /nobody listens at 8433, 18443|nobody listens at 18443, 8433/,
  },
  {
    name: "a server that still makes its index: not a failure",
    ...inQube(
      "electrum-server",
      "touch /home/fulcrum/.fulcrum/database/indexing && systemctl restart qwbtc-fulcrum",
      "rm /home/fulcrum/.fulcrum/database/indexing && sleep 1",
    ),
    failed: [],
    untried: [
      "electrum-server: its ports",
      "electrum-server: height",
      "electrum-client: link electrum to electrum-server",
    ],
    detail: /^$/,
  },
  {
    name: "a node that was made anew below its server",
    ...inQube(
      "bitcoin-server",
      `echo '${chain(10, 100, true)}' >${node}/chain.json`,
      `echo '${chain(100, 100)}' >${node}/chain.json`,
    ),
    failed: ["electrum-server: height beside bitcoin-server"],
    detail: /88 blocks ahead of bitcoin-server/,
  },
  {
    name: "settings that somebody changed",
    ...inQube("bitcoin-server", `echo listen=1 >>${node}/bitcoin.conf`, `sed -i '$d' ${node}/bitcoin.conf`),
    failed: ["bitcoin-server: settings"],
    detail: /bitcoin\.conf differs/,
  },
  {
    name: "a password that others in the qube can read",
    ...inQube(
      "electrum-server",
      "chmod 0644 /home/fulcrum/.fulcrum/rpc-cookie",
      "chmod 0600 /home/fulcrum/.fulcrum/rpc-cookie",
    ),
    failed: ["electrum-server: secrets"],
    detail: /has mode 0644, not 0600/,
  },
  {
    name: "a program of another version",
    ...inQube(
      "electrum-server",
      "cd /usr/local/lib/qwbtc-salt/fulcrum && mv 2.1.1 1.0.0 && ln -sfn 1.0.0 current",
      "cd /usr/local/lib/qwbtc-salt/fulcrum && mv 1.0.0 2.1.1 && ln -sfn 2.1.1 current",
    ),
    failed: ["electrum-server: Fulcrum"],
    detail: /it is 1\.0\.0; the tree has 2\.1\.1/,
  },
  {
    name: "a service that dom0 switched on again",
    ...inQube("electrum-client", "touch /run/qubes-service/cups", "rm /run/qubes-service/cups"),
    failed: ["electrum-client: Qubes services"],
    detail: /cups is not off/,
  },
];
