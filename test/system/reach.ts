// SPDX-License-Identifier: GPL-3.0-or-later
/** Who reaches whom by network: every qube to every other's address, the gateway's and the world's, at every port that somebody listens at. */
import type { Machine } from "./machine.ts";

const dialler = `import json, socket, sys, threading
places = json.load(sys.stdin)
open_ = []
def dial(host, port):
    try:
        socket.create_connection((host, port), 2).close()
        open_.append([host, port])
    except OSError:
        pass
threads = [threading.Thread(target=dial, args=place) for place in places]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(sorted(open_)))
`;

/** Which of these places a user of a qube reaches. */
export async function reached(
  machine: Machine,
  qube: string,
  places: readonly (readonly [host: string, port: number])[],
  user = "user",
): Promise<string[]> {
  const { status, stdout, stderr } = await machine.hypervisor.run(qube, `python3 -Ic '${dialler}'`, {
    user,
    input: JSON.stringify(places),
  });
  if (status !== 0) throw new Error(`${qube}: ${stderr}`);
  return (JSON.parse(stdout) as [string, number][]).map(([host, port]) => `${host}:${port}`);
}

/** Asks the gateway's SocksPort for a name that is no onion service, and to connect there: the reply's code. */
export async function socksAnswer(machine: Machine, qube: string): Promise<number> {
  const ask = `import socket
with socket.create_connection(("10.152.152.10", 9401), 10) as tor:
    tor.settimeout(20)
    tor.sendall(bytes([5, 1, 0]))
    tor.recv(2)
    tor.sendall(bytes([5, 1, 0, 3, 11]) + b"example.com" + bytes([0, 80]))
    print(tor.recv(10)[1])
`;
  const { stdout, stderr } = await machine.hypervisor.run(qube, `python3 -Ic '${ask}'`);
  if (stdout === "") throw new Error(stderr);
  return Number(stdout);
}
