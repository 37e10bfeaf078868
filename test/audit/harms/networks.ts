// SPDX-License-Identifier: GPL-3.0-or-later
/** Net qubes, disposables, services and order. */
import { edit, good, swap, type Harm, type HarmClass } from "../harm.ts";

const QUBES = "/dom0/qubes.sls";
const tree = good("seed");
const remote = good("remote-servers");
const on = (change: (text: string) => string, what: string, of = tree): Harm => ({
  what,
  tree: edit(of, QUBES, change),
});

/** A change of one pref in the state that gives a qube its network. */
function network(qube: string, from: string, to: string): (text: string) => string {
  return inState(`network-${qube}`, from, to);
}

/** A change inside of one state, by the end of its ID. */
export function inState(end: string, from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    const start = text.indexOf(`-${end}":\n`);
    if (start === -1) throw new Error(`no state ${end}`);
    const next = text.indexOf('\n"', start + 1);
    const stop = next === -1 ? text.length : next;
    return text.slice(0, start) + swap(from, to)(text.slice(start, stop)) + text.slice(stop);
  };
}

const offline = ["electrum-client", "electrum-server", "joinmarket-client"];

export const onNetworks: readonly HarmClass[] = [
  {
    name: "a net qube for one that must have none",
    codes: ["QB730"],
    harms: () =>
      ["sys-bitcoin", "sys-firewall", "sys-whonix", "sys-net"].flatMap((netvm) =>
        offline
          .slice(0, netvm === "sys-bitcoin" ? 3 : 1)
          .map((qube) => on(network(qube, '"netvm": "none"', `"netvm": "${netvm}"`), `${qube} behind ${netvm}`)),
      ),
    twins: () => [on(network("electrum-client", '"netvm": "none"', '"netvm": ""'), "none, written as an empty text")],
  },
  {
    name: "a net qube that is left to the machine",
    codes: ["QB731", "QB745"],
    harms: () =>
      [...offline, "bitcoin-server", "joinmarket-server"].map((qube) =>
        on(inState(`network-${qube}`, /      - "netvm": "[\w-]+"\n/, ""), `${qube} without a word`),
      ),
    twins: () => [on(network("bitcoin-server", '"netvm": "sys-bitcoin"', '"netvm":   "sys-bitcoin"'), "other blanks")],
  },
  {
    name: "a way to the network that is not Tor",
    codes: ["QB732"],
    harms: () => [
      on(
        network("bitcoin-server", '"netvm": "sys-bitcoin"', '"netvm": "sys-firewall"'),
        "the node behind sys-firewall",
      ),
      on(
        network("joinmarket-server", '"netvm": "sys-joinmarket"', '"netvm": "sys-net"'),
        "the traders' daemon behind sys-net",
      ),
      on(
        network("bitcoin-server", '"netvm": "sys-bitcoin"', '"netvm": "joinmarket-server"'),
        "the node behind another workstation",
      ),
      on(
        (text) => text.replace(/\n    - "firewall":\n(?: {6}.*\n)+/, "\n"),
        "a forwarder to the LAN without dom0's firewall",
        remote,
      ),
      ...[
        ["proto=tcp dst4=192.168.1.20/32 dstports=50002-50002", "", "everything"],
        ["dst4=192.168.1.20/32 ", "", "any address"],
        ["192.168.1.20/32", "192.168.1.0/24", "a whole net"],
        [" dstports=50002-50002", "", "any port"],
        ['        - "action=drop"\n', "", "what no line names"],
      ].map(([from = "", to = "", what = ""]) =>
        on(inState("firewall-electrum-server", from, to), `dom0's firewall lets out ${what}`, remote),
      ),
    ],
    twins: () => [
      on(network("sys-bitcoin", '"netvm": "sys-firewall"', '"netvm": "sys-net"'), "a gateway behind another uplink"),
    ],
  },
  {
    name: "Tor over Tor",
    codes: ["QB733"],
    harms: () => [
      on(network("sys-bitcoin", '"netvm": "sys-firewall"', '"netvm": "sys-whonix"'), "behind sys-whonix"),
      on(network("sys-joinmarket", '"netvm": "sys-firewall"', '"netvm": "sys-bitcoin"'), "behind another of ours"),
    ],
    twins: () => [on(network("sys-joinmarket", '"netvm": "sys-firewall"', '"netvm": "sys-net"'), "behind sys-net")],
  },
  {
    name: "a qube that may start a disposable",
    codes: ["QB734"],
    harms: () => [
      ...["electrum-client", "bitcoin-server", "sys-bitcoin"].map((qube) =>
        on(network(qube, '"default_dispvm": "none"', '"default_dispvm": "default-dvm"'), `${qube} with one`),
      ),
      ...["electrum-client", "joinmarket-server"].map((qube) =>
        on(network(qube, '      - "default_dispvm": "none"\n', ""), `${qube} with the machine's`),
      ),
      on(
        network("electrum-client", '"default_dispvm": "none"', '"default-dispvm": "whonix-workstation-18-dvm"'),
        "by its other name",
      ),
    ],
    twins: () => [
      on(
        network("electrum-client", '"default_dispvm": "none"', '"default_dispvm": ""'),
        "none, written as an empty text",
      ),
    ],
  },
  {
    name: "a qube that offers network",
    codes: ["QB735"],
    harms: () =>
      [...offline, "bitcoin-server"].map((qube) =>
        on(network(qube, '"provides-network": false', '"provides-network": true'), qube),
      ),
    twins: () => [
      on(network("electrum-client", '      - "provides-network": false\n', ""), "not said: it is off by default"),
    ],
  },
  {
    name: "a service that opens another way",
    codes: ["QB736"],
    harms: () =>
      ["updates-proxy-setup", "qubes-updates-proxy", "clocksync", "network-manager"]
        .map((service) =>
          on(
            inState(
              "settings-electrum-client",
              '        - "no-sdwdate"\n',
              `        - "no-sdwdate"\n        - "${service}"\n`,
            ),
            service,
          ),
        )
        .concat([
          on(
            inState(
              "settings-bitcoin-server",
              '        - "ipv6": ""\n',
              '        - "ipv6": ""\n        - "service.updates-proxy-setup": "1"\n',
            ),
            "as a feature",
          ),
        ]),
    twins: () => [
      on(
        inState("settings-electrum-client", '        - "cups"\n', '        - "cups"\n        - "clocksync"\n'),
        "switched off",
      ),
    ],
  },
];
