// SPDX-License-Identifier: GPL-3.0-or-later
/** Ways to spoil the network and the policy of a running system, each with the lines of the report that must tell of it, and no others. */
import { listener, policy, ready, tcp, type Sabotage } from "./harm.ts";
import type { System } from "./system.ts";

const cableGone = (name: string) => (system: System) => system.net(name, "link del spy0");

/** Interfaces, routes, ports, names and calls. */
export const waysOut: readonly Sabotage[] = [
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
];
