// SPDX-License-Identifier: GPL-3.0-or-later
/** What comes later in the life of a system: its own test, new passwords, mending, its end. */
import { expect, it } from "vitest";
import type { Context } from "./context.ts";
import { until } from "./hypervisor.ts";
import { made } from "./links.ts";
import { sent } from "./net.ts";
import { reached } from "./reach.ts";

/** Registers these steps; each rests on those before. */
export function lifeSteps(context: Context): void {
  const { whole, gateways } = context;
  const { server, node } = whole;
  const clients = new Set(whole.declared.filter(({ server: to }) => to === node).map(({ client }) => client)).size;

  it("has said nothing out of the qubes without network, which would have been seen", async () => {
    const { hypervisor, known, outside } = context.system.machine;
    for (const name of whole.offline) {
      const number = known.number(name);
      expect([name, await outside.trapped(number)]).toEqual([name, 0]);
      // It has a way out, which `ip route` does not show: the control.
      expect(await context.system.typed(name, "ip route")).toBe("");
      expect(await reached(context.system.machine, name, context.system.places(name), "root")).toEqual([]);
      context.figures.places += context.system.places(name).length;
      context.figures.control += await outside.trapped(number);
      expect(context.figures.control).toBeGreaterThan(0);
    }
    for (const name of gateways) expect(await sent((await hypervisor.box(name)).pid)).toBeGreaterThan(0);
  });

  it("passes its own test, which sees the traps while they are there", async () => {
    const { known, outside } = context.system.machine;
    await context.system.electrum("daemon -d");
    // No Tor has anybody to talk to here, and says so.
    const up = new Set(context.system.running());
    const asleep = context.system.qubes().filter((name) => !up.has(name));
    const alone = [
      ...gateways.map((name) => `${name}: Tor is up`),
      ...asleep.map((name) => `${name}: all that is in it`),
    ].toSorted();
    const trapped = whole.offline.flatMap((name) =>
      ["clearnet connection", "interfaces", "routes"].map((check) => `${name}: ${check}`),
    );
    expect(await context.system.selftest()).toEqual([...alone, ...trapped].toSorted());
    for (const name of whole.offline) await outside.untrap(known.number(name));
    expect(await context.system.selftest()).toEqual(alone);
    await context.system.electrum("stop");
  });

  it("goes on with new passwords, repairs what was changed by hand, and leaves alone what is the user's", async () => {
    const folder = "/home/bitcoin/.bitcoin";
    const edit = `echo "# mine" >>${folder}/bitcoin.conf.local; echo server=0 >>${folder}/bitcoin.conf`;
    expect(await context.system.machine.hypervisor.run(node, edit, { user: "root" })).toMatchObject({ status: 0 });
    context.secrets.push(...context.system.machine.secrets());
    const before = await context.system.typed(server, "sudo sha256sum /home/fulcrum/.fulcrum/rpc-cookie");
    await context.system.inDom0("sudo ./rotate-secrets --yes");
    context.secrets.push(...context.system.machine.secrets());
    const done = await context.system.applies(() =>
      context.system.inDom0(context.system.block("--all --show-output state.apply")),
    );
    expect(done.filter(({ failed }) => failed)).toEqual([]);
    expect(done.find(({ qube }) => qube === node)?.changed).toContain("qwbtc-file-/home/bitcoin/.bitcoin/bitcoin.conf");
    expect(await context.system.typed(server, "sudo sha256sum /home/fulcrum/.fulcrum/rpc-cookie")).not.toBe(before);
    expect(await context.system.typed(node, "sudo cat /home/bitcoin/.bitcoin/bitcoin.conf.local")).toContain("# mine");
    expect(await until(async () => (await context.system.version()).includes("Fulcrum"), 60)).toBe(true);
    await context.system.allWell();
  });

  it("has shown no password to anybody, in all that was said in dom0 and by Salt in the qubes", () => {
    const { said, hypervisor } = context.system.machine;
    const all = [...said, ...hypervisor.applies.map(({ output }) => output)].join("\n");
    // Each client's, and the new ones are others.
    expect([context.secrets.length, new Set(context.secrets).size]).toEqual([2 * clients, 2 * clients]);
    expect(context.secrets.filter((secret) => all.includes(secret))).toEqual([]);
  });

  it("goes away when it is told to: no link opens any more, and no qube and no data is lost", async () => {
    await context.system.inDom0("sudo ./uninstall.sh --list");
    await context.system.inDom0("sudo ./uninstall.sh");
    const calls = whole.declared.map(({ client, port }) => ({
      client,
      target: "@default",
      call: `qubes.ConnectTCP+${port}`,
    }));
    expect((await made(context.system.machine, calls)).filter(({ status }) => status !== 126)).toEqual([]);
    expect(Object.keys(context.system.machine.world().qubes)).toEqual(
      expect.arrayContaining(context.system.machine.names()),
    );
    expect(await context.system.typed(node, "sudo cat /home/bitcoin/.bitcoin/bitcoin.conf.local")).toContain("# mine");
  });

  it("did nothing in dom0 that the real one would pass over in silence", () => {
    expect(context.system.machine.findings).toEqual([]);
  });
}
