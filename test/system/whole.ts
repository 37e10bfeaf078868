// SPDX-License-Identifier: GPL-3.0-or-later
/** A whole system, from its tree to a wallet that reads the chain, by the runbook's own commands: the steps, each of which rests on those before. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyNoContainer } from "../container/container.ts";
import { needing } from "../real/session.ts";
import { whyNoSandbox } from "../sandbox.ts";
import { until } from "./hypervisor.ts";
import { allowedCalls, everyCall, made, otherCalls } from "./links.ts";
import { stranger } from "./known.ts";
import { sent, world } from "./net.ts";
import { mine, pay } from "./payment.ts";
import { reached, socksAnswer } from "./reach.ts";
import { Running, type Whole } from "./running.ts";

const why = whyNoContainer() ?? whyNoSandbox();

/** Registers the tests of a whole system. */
export function wholeSystem(whole: Whole): void {
  const { wallet, server, node } = whole;
  const gateways = [...new Set(Object.values(whole.behind))].toSorted();

  describe.skipIf(why !== undefined)(`${whole.name}${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
    const figures = { links: 0, refused: 0, answered: 0, places: 0, control: 0 };
    const began = Date.now();
    let system: Running;

    beforeAll(async () => void (system = await Running.open(whole)));
    afterAll(async () => {
      if (system === undefined) return;
      const { applies, boots } = system.machine.hypervisor;
      const states = applies.reduce((sum, one) => sum + one.states, 0);
      const calls = system.machine.calls();
      console.log(
        [
          `${whole.name}: ${boots} containers booted`,
          `${applies.length} applies with ${states} states in qubes`,
          `${figures.links} calls tried over qrexec, ${figures.refused} refused and ${figures.answered} answered`,
          `${calls.length} calls in all`,
          `${figures.places} places dialled by network`,
          `0 frames out of qubes without network, ${figures.control} as the control`,
          `${Math.round((Date.now() - began) / 1000)} s`,
        ].join("; "),
      );
      await system.machine.close();
    });

    it("is brought into dom0, checked and unpacked by the runbook, and the doctor finds nothing bad", async () => {
      expect(await system.bringIn()).toContain("qwbtc.tar: OK");
      await system.inDom0(system.block("sudo ./doctor"));
    });

    it("is installed, with its secrets, and says what it would do without doing it", async () => {
      expect(await system.inDom0(system.block("sudo ./install.sh"))).toContain("In force");
      const preview = system.block("state.highstate test=True");
      // 1: something would change.
      expect((await system.machine.dom0(`cd qwbtc-1/qwbtc && ${preview.split("\n")[0]}`)).status).toBe(1);
      expect(await system.inDom0(preview.split("\n").slice(1).join("\n"))).toMatch(/^Failed: 0$/m);
      expect(system.running()).toEqual([]);
    });

    it("is applied: templates, then qubes, and each is shut down again but for the gateways in use", async () => {
      const done = await system.applies(async () => {
        await system.inDom0(system.block("--templates"));
        await system.inDom0(system.block("--all --show-output state.apply"));
      });
      expect(done.filter(({ failed }) => failed).map(({ qube, text }) => `${qube}: ${text}`)).toEqual([]);
      expect(new Set(done.map(({ qube }) => qube))).toEqual(new Set(system.machine.names()));
      expect(system.running()).toEqual(gateways);
      // 0: nothing would change any more.
      await system.inDom0("sudo ./plan");
    });

    it("is applied again, and nothing changes in dom0, templates and qubes", async () => {
      const before = system.still();
      const done = await system.applies(() => system.inDom0(system.block("--all --show-output state.apply")));
      expect(done.filter(({ changed, failed }) => failed || changed.length > 0)).toEqual([]);
      expect(done.length).toBe(system.machine.names().length);
      expect(system.still()).toEqual(before);
    });

    it("is given its programs, which its units then start", async () => {
      for (const program of whole.programs) {
        await system.inDom0(`qvm-start --skip-if-running ${program.qube}`);
        await system.bring(program);
      }
    });

    it("comes up by ./start after a night, each qube after what it needs", async () => {
      for (const name of new Set([server, node, ...Object.keys(whole.behind)]))
        await system.inDom0(`qvm-shutdown --wait ${name}`);
      await system.inDom0(system.block("./start"));
      for (const name of whole.offline) await system.inDom0(`./start ${name}`);
      for (const name of [...whole.offline, node, ...gateways]) expect(system.running()).toContain(name);
      await system.allWell();
    });

    if (whole.real !== undefined)
      it.skipIf(!whole.real)(needing("has a real chain", "QWBTC_BITCOIND", "QWBTC_FULCRUM"), async () => {
        await mine(system.cli);
        await system.electrum("daemon -d");
        expect(await until(async () => (await system.electrum("getinfo")).includes('"server_height": 101'), 60)).toBe(
          true,
        );
        await system.electrum("stop");
      });

    it("lets the wallet read the chain from its first block on, through socket, policy, server, policy and node", async () => {
      const before = system.machine.calls().length;
      const height = Number(await system.cli("getblockcount"));
      await system.electrum("daemon -d");
      const info = async () => JSON.parse(await system.electrum("getinfo")) as Record<string, unknown>;
      // It takes the first block for what it is only if its hash is the one that Electrum knows.
      expect(await until(async () => (await info())["blockchain_height"] === height, 60)).toBe(true);
      expect(await info()).toMatchObject({ connected: true, server: "127.0.0.1", server_height: height });
      await system.electrum("stop");
      const used = system.machine.calls().slice(before);
      expect(used.filter(({ allow, started }) => !allow || started)).toEqual([]);
      expect(used.map(({ source, to, argument }) => `${source} ${to} ${argument}`)).toContain(
        `${wallet} ${server} +50001`,
      );
    });

    if (whole.real !== undefined)
      it.skipIf(!whole.real)(needing("is paid, and pays", "QWBTC_BITCOIND", "QWBTC_FULCRUM"), async () => {
        await system.electrum("daemon -d");
        await pay(system.electrum, system.cli);
        await system.electrum("stop");
      });

    it("lets every declared call through, and no other", async () => {
      const there = [...system.running(), stranger];
      const done = await made(system.machine, [...everyCall(there, whole.declared), ...otherCalls(there)]);
      const allowed = allowedCalls(whole);
      const wrong = done.filter((one) => !(allowed(one) ? [0, 127] : [126]).includes(one.status));
      expect(wrong).toEqual([]);
      figures.links += done.length;
      figures.refused += done.filter(({ status }) => status === 126).length;
      figures.answered += done.filter(({ status }) => status === 0).length;
      expect(figures.answered).toBeGreaterThanOrEqual(2 * whole.declared.length);
    });

    it("reaches by network what Whonix lets it, and nothing else", async () => {
      const { known } = system.machine;
      for (const name of [...system.running(), stranger].filter((one) => !whole.offline.includes(one))) {
        const places = system.places(name);
        figures.places += places.length;
        const gateway = whole.behind[name];
        const own = gateway === undefined ? [] : ["10.152.152.10", known.address(gateway)];
        const wanted = own.flatMap((host) => [9050, 9051, 9180, 9401].map((port) => `${host}:${port}`));
        // Nobody holds back the user's own qube but those that it dials.
        if (name === stranger) wanted.push(...[80, 443, 8333].map((port) => `${world}:${port}`));
        expect([name, ...(await reached(system.machine, name, places)).toSorted()]).toEqual([
          name,
          ...wanted.toSorted(),
        ]);
      }
      // The control: Tor itself comes out of its gateway, so the world is there and it is the firewalls that keep it.
      for (const gateway of gateways)
        expect(await reached(system.machine, gateway, [[world, 80]], "debian-tor")).toEqual([`${world}:80`]);
    });

    it("is given onion services alone by the port that says so", async () => {
      for (const name of Object.keys(whole.behind).filter((one) => system.running().includes(one)))
        // RFC 1928: 2, not allowed by ruleset.
        expect([name, await socksAnswer(system.machine, name)]).toEqual([name, 2]);
    });

    it("does not wake a halted node by a server that asks for ever, nor keeps it alive, and finds it again", async () => {
      const asks = () => system.machine.calls().filter(({ source }) => source === server).length;
      await system.inDom0(`qvm-shutdown --wait ${node}`);
      const before = asks();
      expect(await until(() => asks() > before + 5, 60)).toBe(true);
      expect(system.running()).not.toContain(node);
      expect(system.machine.calls().filter(({ to, started }) => started && to === node)).toEqual([]);
      await system.inDom0(`qvm-start ${node}`);
      expect(await until(async () => (await system.version()).includes("Fulcrum"), 60)).toBe(true);
    });

    it("starts the server for a wallet that wants it, and comes up in the wrong order too", async () => {
      for (const name of [wallet, server, node]) await system.inDom0(`qvm-shutdown --wait ${name}`);
      await system.inDom0(`qvm-start ${wallet}`);
      expect(await system.version()).not.toContain("Fulcrum");
      expect(system.running()).toContain(server);
      expect(system.running()).not.toContain(node);
      await system.inDom0(`qvm-start ${node}`);
      expect(await until(async () => (await system.version()).includes("Fulcrum"), 60)).toBe(true);
      await system.allWell();
    });

    it("has said nothing out of the qubes without network, which would have been seen", async () => {
      const { hypervisor, known, outside } = system.machine;
      for (const name of whole.offline) {
        const number = known.number(name);
        expect([name, await outside.trapped(number)]).toEqual([name, 0]);
        // It has a way out, which `ip route` does not show: the control.
        expect(await system.typed(name, "ip route")).toBe("");
        expect(await reached(system.machine, name, system.places(name), "root")).toEqual([]);
        figures.places += system.places(name).length;
        figures.control += await outside.trapped(number);
        expect(figures.control).toBeGreaterThan(0);
      }
      for (const name of gateways) expect(await sent((await hypervisor.box(name)).pid)).toBeGreaterThan(0);
    });

    it("passes its own test, which sees the traps while they are there", async () => {
      const { known, outside } = system.machine;
      await system.electrum("daemon -d");
      // No Tor has anybody to talk to here, and says so.
      const alone = gateways.map((name) => `${name}: Tor is up`);
      const trapped = whole.offline.flatMap((name) =>
        ["clearnet connection", "interfaces", "routes"].map((check) => `${name}: ${check}`),
      );
      expect(await system.selftest()).toEqual([...alone, ...trapped].toSorted());
      for (const name of whole.offline) await outside.untrap(known.number(name));
      expect(await system.selftest()).toEqual(alone);
      await system.electrum("stop");
    });

    it("goes on with new passwords, repairs what was changed by hand, and leaves alone what is the user's", async () => {
      await system.typed(
        node,
        "sudo sh -c 'echo '# mine' >>/home/bitcoin/.bitcoin/bitcoin.conf.local; echo server=0 >>/home/bitcoin/.bitcoin/bitcoin.conf'",
      );
      const before = await system.typed(server, "sudo sha256sum /home/fulcrum/.fulcrum/rpc-cookie");
      await system.inDom0("sudo ./rotate-secrets --yes");
      const done = await system.applies(() => system.inDom0(system.block("--all --show-output state.apply")));
      expect(done.filter(({ failed }) => failed)).toEqual([]);
      expect(done.find(({ qube }) => qube === node)?.changed).toContain(
        "qwbtc-file-/home/bitcoin/.bitcoin/bitcoin.conf",
      );
      expect(await system.typed(server, "sudo sha256sum /home/fulcrum/.fulcrum/rpc-cookie")).not.toBe(before);
      expect(await system.typed(node, "sudo cat /home/bitcoin/.bitcoin/bitcoin.conf.local")).toContain("# mine");
      expect(await until(async () => (await system.version()).includes("Fulcrum"), 60)).toBe(true);
      await system.allWell();
    });

    it("goes away when it is told to: no link opens any more, and no qube and no data is lost", async () => {
      await system.inDom0("sudo ./uninstall.sh --list");
      await system.inDom0("sudo ./uninstall.sh");
      const calls = whole.declared.map(({ client, port }) => ({
        client,
        target: "@default",
        call: `qubes.ConnectTCP+${port}`,
      }));
      expect((await made(system.machine, calls)).filter(({ status }) => status !== 126)).toEqual([]);
      expect(Object.keys(system.machine.world().qubes)).toEqual(expect.arrayContaining(system.machine.names()));
      expect(await system.typed(node, "sudo cat /home/bitcoin/.bitcoin/bitcoin.conf.local")).toContain("# mine");
    });

    it("did nothing in dom0 that the real one would pass over in silence", () => {
      expect(system.machine.findings).toEqual([]);
    });
  });
}
