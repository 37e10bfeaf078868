// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The wires between the containers, as Qubes and Whonix lay them: a gateway's vif to each workstation's eth0, with the gateway's own address on
 * both of its sides (qubes-core-agent-linux network/vif-route-qubes, network/setup-ip), and sys-firewall between the gateways and a stand-in world.
 *
 * A qube without net qube has no eth0. It is given a trap: a link that is up, with an address and a default route in a table of its own (so that
 * `ip route` is as empty as in a real one), whose other end counts every frame and drops it.
 * Whatever such a qube tries to say to anybody is seen there.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Box } from "../container/container.ts";

const run = promisify(execFile);

/** The address of a place that a qube could reach if it had a way into the world. */
export const world = "203.0.113.7";

/** Runs shell lines in the network of a process, with this machine's programs. */
async function inNet(pid: number, ...lines: string[]): Promise<string> {
  const { stdout } = await run("nsenter", ["-t", String(pid), "-n", "sh", "-ec", lines.join("\n")]);
  return stdout;
}

/** A pair of ends, each in the network of a process. The kernel takes its time to clear away what the far end's last boot left at the near one. */
async function cable([near, name]: readonly [number, string], [far, peer]: readonly [number, string]): Promise<void> {
  await inNet(near, `ip link del dev ${name} 2>/dev/null || true`);
  const ends = ["link", "add", name, "netns", String(near), "type", "veth", "peer", "name", peer, "netns", String(far)];
  await run("ip", ends);
}

/** Counts connections, for sys-firewall: nobody may ever reach it but Tor. */
const listener = `import socket, threading
def serve(port):
    listener = socket.create_server(("${world}", port))
    while True:
        connection, _ = listener.accept()
        connection.sendall(b"world\\n")
        connection.close()
for port in (80, 443, 8333): threading.Thread(target=serve, args=(port,)).start()
`;

/** sys-firewall and what lies behind it. */
export class Outside {
  readonly #box: Box;

  private constructor(box: Box) {
    this.#box = box;
  }

  static async open(box: Box): Promise<Outside> {
    await box.out(
      `set -e; ip address add ${world}/32 dev lo
      nft 'add table bridge trap; add chain bridge trap pre { type filter hook prerouting priority 0; }'
      printf '%s' '${listener}' >/run/world.py; systemd-run -q --unit=world python3 -I /run/world.py`,
    );
    await inNet(
      box.pid,
      "ip link add name trap type bridge",
      noIpv6("trap"),
      "ip address add 10.200.0.1/16 dev trap",
      "ip link set dev trap up",
    );
    return new Outside(box);
  }

  get pid(): number {
    return this.#box.pid;
  }

  /** Gives a qube without net qube its trap. */
  async trap(pid: number, number: number): Promise<void> {
    const name = trapOf(number);
    const counted = `iifname ${name} counter drop`;
    const rules = await this.#box.out("nft list table bridge trap");
    if (!rules.includes(`"${name}"`)) await this.#box.out(`nft add rule bridge trap pre ${counted}`);
    await cable([this.pid, name], [pid, "spare0"]);
    await inNet(this.pid, noIpv6(name), `ip link set dev ${name} master trap up`);
    await inNet(
      pid,
      noIpv6("spare0"),
      `ip address add 10.200.1.${number}/32 dev spare0`,
      "ip link set dev spare0 up",
      "ip route add 10.200.0.1 dev spare0 table 100",
      "ip route add default via 10.200.0.1 dev spare0 onlink table 100",
      "ip rule add priority 100 lookup 100",
    );
  }

  /** Takes a qube's trap away until it boots again. */
  async untrap(number: number): Promise<void> {
    await inNet(this.pid, `ip link del dev ${trapOf(number)}`);
  }

  /** How many frames have ever come out of a qube's trap, all of its boots together. */
  async trapped(number: number): Promise<number> {
    const rules = await this.#box.out("nft list table bridge trap");
    const name = trapOf(number);
    const found = new RegExp(`iifname "${name}" counter packets ([0-9]+)`).exec(rules)?.[1];
    if (found === undefined) throw new Error(`no trap ${name} in ${rules}`);
    return Number(found);
  }

  /** Whether a process in this box reaches the world at all: the control. */
  async reaches(): Promise<boolean> {
    return (
      (await this.#box.run(`python3 -c 'import socket; socket.create_connection(("${world}", 80), 2)'`)).status === 0
    );
  }
}

/** No neighbour discovery, which every interface does by itself. A kernel without IPv6 has nothing to switch off. */
function noIpv6(name: string): string {
  return `if [ -e /proc/sys/net/ipv6 ]; then echo 1 >/proc/sys/net/ipv6/conf/${name}/disable_ipv6; fi`;
}

function trapOf(number: number): string {
  return `trap-${number}`;
}

export interface End {
  readonly pid: number;
  readonly address: string;
  /** Its place among all qubes. */
  readonly number: number;
}

/** Lays the wire between a net qube and a qube that has it. */
export async function wire(net: End, qube: End): Promise<void> {
  const vif = `vif${qube.number}.0`;
  await cable([net.pid, vif], [qube.pid, "eth0"]);
  await inNet(
    net.pid,
    `echo 1 >/proc/sys/net/ipv4/conf/${vif}/proxy_arp`,
    `ip address add ${net.address}/32 dev ${vif}`,
    `ip link set dev ${vif} up`,
    `ip route add ${qube.address}/32 dev ${vif}`,
  );
  await inNet(
    qube.pid,
    `ip address add ${qube.address}/32 dev eth0`,
    "ip link set dev eth0 up",
    `ip route add ${net.address} dev eth0`,
    `ip route add default via ${net.address} dev eth0 onlink`,
  );
}

/** Frames that went out of a qube's eth0. */
export async function sent(pid: number): Promise<number> {
  const [{ stats64 }] = JSON.parse(await inNet(pid, "ip -s -j link show dev eth0")) as [
    { stats64: { tx: { packets: number } } },
  ];
  return stats64.tx.packets;
}
