// SPDX-License-Identifier: GPL-3.0-or-later
/** Who reaches whom in a system that runs, and what starts whom. */
import { expect, it } from "vitest";
import { needing } from "../real/session.ts";
import type { Context } from "./context.ts";
import { until } from "./hypervisor.ts";
import { stranger } from "./known.ts";
import { allowedCalls, everyCall, made, otherCalls } from "./links.ts";
import { world } from "./net.ts";
import { mine, pay } from "./payment.ts";
import { reached, socksAnswer } from "./reach.ts";

/** Registers these steps; each rests on those before. */
export function trafficSteps(context: Context): void {
  const { whole, gateways } = context;
  const { wallet, server, node } = whole;

  if (whole.real !== undefined)
    it.skipIf(!whole.real)(needing("has a real chain", "QWBTC_BITCOIND", "QWBTC_FULCRUM"), async () => {
      await mine(context.system.cli);
      await context.system.electrum("daemon -d");
      expect(
        await until(async () => (await context.system.electrum("getinfo")).includes('"server_height": 101'), 60),
      ).toBe(true);
      await context.system.electrum("stop");
    });

  it("lets the wallet read the chain from its first block on, through socket, policy, server, policy and node", async () => {
    const before = context.system.machine.calls().length;
    const height = Number(await context.system.cli("getblockcount"));
    await context.system.electrum("daemon -d");
    const info = async () => JSON.parse(await context.system.electrum("getinfo")) as Record<string, unknown>;
    // It takes the first block for what it is only if its hash is the one that Electrum knows.
    await until(async () => (await info())["blockchain_height"] === height, 60);
    const known = { connected: true, server: "127.0.0.1", server_height: height, blockchain_height: height };
    expect(await info(), await context.system.logs(wallet, server)).toMatchObject(known);
    await context.system.electrum("stop");
    const used = context.system.machine.calls().slice(before);
    expect(used.filter(({ allow, started }) => !allow || started)).toEqual([]);
    expect(used.map(({ source, to, argument }) => `${source} ${to} ${argument}`)).toContain(
      `${wallet} ${server} +50001`,
    );
  });

  if (whole.real !== undefined)
    it.skipIf(!whole.real)(needing("is paid, and pays", "QWBTC_BITCOIND", "QWBTC_FULCRUM"), async () => {
      await context.system.electrum("daemon -d");
      await pay(context.system.electrum, context.system.cli);
      await context.system.electrum("stop");
    });

  it("lets every declared call through, and no other", async () => {
    const there = [...context.system.running(), stranger];
    const done = await made(context.system.machine, [...everyCall(there, whole.declared), ...otherCalls(there)]);
    const allowed = allowedCalls(whole);
    const wrong = done.filter((one) => !(allowed(one) ? [0, 127] : [126]).includes(one.status));
    expect(wrong).toEqual([]);
    context.figures.links += done.length;
    context.figures.refused += done.filter(({ status }) => status === 126).length;
    context.figures.answered += done.filter(({ status }) => status === 0).length;
    expect(context.figures.answered).toBeGreaterThanOrEqual(2 * whole.declared.length);
  });

  it("reaches by network what Whonix lets it, and nothing else", async () => {
    const { known } = context.system.machine;
    for (const name of [...context.system.running(), stranger].filter((one) => !whole.offline.includes(one))) {
      const places = context.system.places(name);
      context.figures.places += places.length;
      const gateway = whole.behind[name];
      const own = gateway === undefined ? [] : ["10.152.152.10", known.address(gateway)];
      const wanted = own.flatMap((host) => [9050, 9051, 9180, 9401].map((port) => `${host}:${port}`));
      // Nobody holds back the user's own qube but those that it dials.
      if (name === stranger) wanted.push(...[80, 443, 8333].map((port) => `${world}:${port}`));
      expect([name, ...(await reached(context.system.machine, name, places)).toSorted()]).toEqual([
        name,
        ...wanted.toSorted(),
      ]);
    }
    // The control: Tor itself comes out of its gateway, so the world is there and it is the firewalls that keep it.
    for (const gateway of gateways)
      expect(await reached(context.system.machine, gateway, [[world, 80]], "debian-tor")).toEqual([`${world}:80`]);
  });

  it("is given onion services alone by the port that says so", async () => {
    for (const name of Object.keys(whole.behind).filter((one) => context.system.running().includes(one)))
      // RFC 1928: 2, not allowed by ruleset.
      expect([name, await socksAnswer(context.system.machine, name)]).toEqual([name, 2]);
  });

  it("does not wake a halted node by a server that asks for ever, nor keeps it alive, and finds it again", async () => {
    const asks = () => context.system.machine.calls().filter(({ source }) => source === server).length;
    await context.system.inDom0(`qvm-shutdown --wait ${node}`);
    const before = asks();
    expect(await until(() => asks() > before + 5, 60)).toBe(true);
    expect(context.system.running()).not.toContain(node);
    expect(context.system.machine.calls().filter(({ to, started }) => started && to === node)).toEqual([]);
    await context.system.inDom0(`qvm-start ${node}`);
    expect(await until(async () => (await context.system.version()).includes("Fulcrum"), 60)).toBe(true);
  });

  it("starts the server for a wallet that wants it, and comes up in the wrong order too", async () => {
    for (const name of [wallet, server, node]) await context.system.inDom0(`qvm-shutdown --wait ${name}`);
    await context.system.inDom0(`qvm-start ${wallet}`);
    expect(await context.system.version()).not.toContain("Fulcrum");
    expect(context.system.running()).toContain(server);
    expect(context.system.running()).not.toContain(node);
    await context.system.inDom0(`qvm-start ${node}`);
    expect(await until(async () => (await context.system.version()).includes("Fulcrum"), 60)).toBe(true);
    await context.system.allWell();
  });
}
