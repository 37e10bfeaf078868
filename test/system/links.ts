// SPDX-License-Identifier: GPL-3.0-or-later
/** Who reaches whom over qrexec: every call that a qube could make, made. */
import type { Machine } from "./machine.ts";
import type { Declared, Whole } from "./running.ts";

/** As a program of the qube's user: a line for each call, with what came of it. */
const caller = `import json, socket, sys
for target, call in json.load(sys.stdin):
    with socket.socket(socket.AF_UNIX) as agent:
        agent.settimeout(90)
        agent.connect("/run/qubes/qrexec-agent")
        agent.sendall(json.dumps([target, call]).encode() + b"\\n")
        data = agent.recv(65536)
        print(json.loads(data)["status"] if data else 126)
`;

export interface Call {
  readonly client: string;
  readonly target: string;
  readonly call: string;
}

/** Makes calls in their clients' qubes, and gives each its exit code: 126 is a refusal. */
export async function made(machine: Machine, calls: readonly Call[]): Promise<(Call & { status: number })[]> {
  const clients = [...new Set(calls.map(({ client }) => client))];
  const all = await Promise.all(
    clients.map(async (client) => {
      const mine = calls.filter((one) => one.client === client);
      const input = JSON.stringify(mine.map(({ target, call }) => [target, call]));
      const command = `python3 -Ic '${caller}'`;
      const { status, stdout, stderr } = await machine.hypervisor.run(client, command, { input });
      if (status !== 0) throw new Error(`${client}: ${stderr}`);
      const codes = stdout.trim().split("\n").map(Number);
      return mine.map((one, at) => ({ ...one, status: codes[at] ?? -1 }));
    }),
  );
  return all.flat();
}

/** Ports that somebody listens at, or could. */
const known = [22, 80, 8332, 8333, 8334, 8433, 9050, 9051, 9401, 18443, 18445, 25183, 26183, 27183, 50001, 50002];

/** Every qube to every other, by name and without one, at every port that anybody listens at or could. */
export function everyCall(qubes: readonly string[], declared: readonly Declared[]): Call[] {
  const ports = [...new Set([...known, ...declared.map(({ port }) => port)])];
  return qubes.flatMap((client) =>
    [...qubes, "sys-whonix", "@default", "", "@dispvm", "dom0"]
      .filter((target) => target !== client)
      .flatMap((target) => ports.map((port) => ({ client, target, call: `qubes.ConnectTCP+${port}` }))),
  );
}

/**
 * Whether a call is one that the topology declares; a workstation and its own
 * gateway may talk of the clock, where nobody listens here.
 */
export function allowedCalls({ declared, behind }: Whole): (call: Call) => boolean {
  const clock = ["sdwdate-gui.Connect", "sdwdate-gui.ConnectCheck", "sdwdate.Connect", "whonix.NewStatus"];
  return ({ client, target, call }) =>
    declared.some(
      (one) => one.client === client && ["@default", ""].includes(target) && call === `qubes.ConnectTCP+${one.port}`,
    ) ||
    (clock.includes(call) && behind[client] === target) ||
    (call === "whonix.GatewayCommand+restart" && behind[target] === client);
}

/** What the stock policy lets Whonix qubes ask of each other, or asks the user about. */
export function otherCalls(qubes: readonly string[]): Call[] {
  const services =
    "qubes.VMShell qubes.VMRootShell qubes.Filecopy qubes.OpenInVM qubes.OpenURL qubes.StartApp sdwdate-gui.Connect " +
    "sdwdate-gui.ConnectCheck whonix.NewStatus whonix.GatewayCommand+restart qubes.ConnectTCP qubes.ConnectTCP+08332 qubes.ConnectTCP+8332+1 qubes.UpdatesProxy";
  return qubes.flatMap((client) =>
    qubes
      .filter((target) => target !== client)
      .flatMap((target) => services.split(" ").map((call) => ({ client, target, call }))),
  );
}
