// SPDX-License-Identifier: GPL-3.0-or-later
/** Ways to spoil a running system, each with the lines of the report that must tell of it, and no others. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chain, type System } from "./system.ts";

interface Sabotage {
  readonly name: string;
  readonly spoil: (system: System) => void | Promise<unknown>;
  readonly mend: (system: System) => void | Promise<unknown>;
  /** The lines that must fail, and no others; and what one of them says. */
  readonly failed: readonly string[];
  readonly detail: RegExp;
  /** Lines that must say that they were not tried. */
  readonly untried?: string[];
}

/** A command in a qube, and one that takes it back. */
function inQube(name: string, spoil: string, mend: string): Pick<Sabotage, "spoil" | "mend"> {
  return { spoil: (system) => system.box(name).out(spoil), mend: (system) => system.box(name).out(mend) };
}

/** A process in a qube that listens: a Python expression that makes the socket, and what it does with it. */
function listener(name: string, code: string): Pick<Sabotage, "spoil" | "mend"> {
  const unit = "systemd-run --quiet --unit=foreign --collect --service-type=exec /usr/bin/python3 -c";
  const up = "for i in $(seq 50); do [ -e /run/foreign ] && exit; sleep 0.1; done; exit 1";
  const text = `import socket, time\n${code}`;
  return inQube(name, `rm -f /run/foreign; ${unit} '${text}'; ${up}`, "systemctl stop foreign; rm -f /run/foreign");
}
const ready = 'open("/run/foreign", "w").close()';
const tcp = (address: string, port: number) =>
  `s = socket.create_server(("${address}", ${port})); ${ready}; time.sleep(600)`;

/** A pref as dom0 has it. */
function pref(name: string, key: string, value: string | null): Pick<Sabotage, "spoil" | "mend"> {
  const set = (system: System, to: string | null) => {
    (system.world[name] as { prefs: Record<string, string | null> }).prefs[key] = to;
    system.tell();
  };
  return { spoil: (system) => set(system, value), mend: (system) => set(system, null) };
}

/** A policy file of the user's own. */
function policy(text: string): Pick<Sabotage, "spoil" | "mend"> {
  const file = (system: System) => path.join(system.policies, "30-user.policy");
  return { spoil: (system) => writeFileSync(file(system), text), mend: (system) => rmSync(file(system)) };
}

const cableGone = (name: string) => (system: System) => system.net(name, "link del spy0");
const node = "/home/bitcoin/.bitcoin";
const restartTor = "systemctl restart tor@default";

export const sabotages: readonly Sabotage[] = [
  {
    name: "an interface in the wallet, with a route",
    spoil: (system) => {
      system.cable("electrum-client", "spy0");
      system.net("electrum-client", "addr add 198.51.100.2/24 dev spy0", "link set spy0 up", "link set spy0x up");
      system.net("electrum-client", "route add default via 198.51.100.1");
    },
    mend: cableGone("electrum-client"),
    failed: ["clearnet connection", "interfaces", "routes"].map((one) => `electrum-client: ${one}`),
    detail: /default by spy0/,
  },
  {
    name: "an interface in the wallet that is not even up",
    spoil: (system) => system.cable("electrum-client", "spy0"),
    mend: cableGone("electrum-client"),
    failed: ["electrum-client: interfaces"],
    detail: /spy0/,
  },
  {
    name: "an IPv6 route in a server without network",
    spoil: (system) => {
      system.cable("electrum-server", "spy0");
      system.net("electrum-server", "link set spy0 up", "link set spy0x up", "-6 route add 2001:db8::/32 dev spy0");
    },
    mend: cableGone("electrum-server"),
    failed: ["clearnet connection", "interfaces", "routes"].map((one) => `electrum-server: ${one}`),
    detail: /2001:db8::/,
  },
  {
    name: "an IPv6 route in the node",
    spoil: (system) => system.net("bitcoin-server", "-6 route add 2001:db8::/32 dev eth0"),
    mend: (system) => system.net("bitcoin-server", "-6 route del 2001:db8::/32 dev eth0"),
    failed: ["bitcoin-server: IPv6", "bitcoin-server: clearnet connection"],
    detail: /way to 2001:db8::1/,
  },
  {
    name: "a node whose firewall lets packets out",
    spoil: (system) => system.net("bitcoin-server", "route replace default via 10.137.0.50"),
    mend: (system) =>
      system.net("bitcoin-server", "route replace prohibit default", "route flush default via 10.137.0.50"),
    failed: ["bitcoin-server: clearnet connection"],
    detail: /a packet to 203\.0\.113\.1 port \d+ left the qube/,
  },
  {
    name: "a gateway that takes connections to anywhere",
    spoil: async (system) => {
      system.net("bitcoin-server", "route add 203.0.113.1 via 10.137.0.50");
      system.net("sys-bitcoin", "addr add 203.0.113.1/32 dev vif1.0");
      await listener("sys-bitcoin", tcp("203.0.113.1", 9040).replace("9040", "80")).spoil(system);
    },
    mend: async (system) => {
      await listener("sys-bitcoin", "").mend(system);
      system.net("sys-bitcoin", "addr del 203.0.113.1/32 dev vif1.0");
      system.net("bitcoin-server", "route del 203.0.113.1 via 10.137.0.50");
    },
    failed: ["bitcoin-server: clearnet connection", "sys-bitcoin: clearnet connection", "sys-bitcoin: listening ports"],
    detail: /something answers at 203\.0\.113\.1 port 80/,
  },
  {
    name: "a gateway that answers questions for names",
    ...listener(
      "sys-bitcoin",
      `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.152.152.10", 53)); ${ready}\nwhile True:\n  d, a = s.recvfrom(512); s.sendto(d[:2] + b"\\x81\\x84" + d[4:], a)`,
    ),
    failed: ["bitcoin-server: names"],
    detail: /10\.152\.152\.10 answers/,
  },
  {
    name: "a port of the gateway that is open to the node",
    ...listener("sys-bitcoin", tcp("10.152.152.10", 22)),
    failed: ["bitcoin-server: gateway's other ports", "sys-bitcoin: listening ports"],
    detail: /10\.152\.152\.10 port 22 can be reached/,
  },
  {
    name: "somebody who listens at every address of the server",
    ...listener("electrum-server", tcp("0.0.0.0", 4444)),
    failed: ["electrum-server: listening ports"],
    detail: /0\.0\.0\.0 port 4444 \(python3\)/,
  },
  {
    name: "a second daemon at every IPv6 address, at the server's own port",
    ...listener(
      "electrum-server",
      `s = socket.socket(socket.AF_INET6); s.setsockopt(41, 26, 1); s.bind(("::", 50001)); s.listen(); ${ready}; time.sleep(600)`,
    ),
    failed: ["electrum-server: listening ports"],
    detail: /:: port 50001 instead of its loopback/,
  },
  {
    name: "a policy line that lets the wallet go anywhere",
    ...policy("qubes.ConnectTCP * electrum-client @anyvm allow notify=no\n"),
    failed: [
      "bitcoin-server port 18443",
      "bitcoin-server port 18445",
      "bitcoin-server port 8433",
      "electrum-server port 50001",
      "sys-bitcoin port 22",
    ]
      .map((one) => `electrum-client: call to ${one}`)
      .concat("electrum-client: link electrum to electrum-server", "electrum-client: calls by the policy"),
    detail: /not refused/,
  },
  {
    name: "a policy line that lets everybody reach the node's RPC",
    ...policy("qubes.ConnectTCP +18443 @anyvm bitcoin-server allow notify=no\n"),
    failed: ["electrum-client", "electrum-server", "sys-bitcoin"].flatMap((one) => [
      `${one}: call to bitcoin-server port 18443`,
      `${one}: calls by the policy`,
    ]),
    detail: /not refused \(exit/,
  },
  {
    name: "a broken policy file, which refuses every call",
    ...policy("qubes.ConnectTCP * nonsense\n"),
    failed: [
      "electrum-client: link electrum to electrum-server",
      "electrum-server: link rpc to bitcoin-server",
      "electrum-server: link zmq to bitcoin-server",
      "electrum-client: calls by the policy",
      "electrum-server: calls by the policy",
    ],
    untried: ["bitcoin-server: calls by the policy", "sys-bitcoin: calls by the policy"],
    detail: /hung up on/,
  },
  {
    name: "a policy line that asks you before the wallet may reach the gateway",
    ...policy("qubes.ConnectTCP +22 electrum-client @anyvm ask\n"),
    failed: ["electrum-client: calls by the policy"],
    detail: /sys-bitcoin port 22 is let through/,
  },
  {
    name: "our policy file, edited",
    spoil: (system) => void system.command("echo '# mine' >>/etc/qubes/policy.d/80-qwbtc.policy"),
    mend: (system) => void system.command("sed -i '$d' /etc/qubes/policy.d/80-qwbtc.policy"),
    failed: ["dom0: policy 80-qwbtc.policy"],
    detail: /not that of the tree/,
  },
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
