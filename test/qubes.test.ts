// SPDX-License-Identifier: GPL-3.0-or-later
/** The qubes' own states, applied by the real Salt: everything lands, the second time nothing changes, and what is the user's stays. */
import { describe, expect, it } from "vitest";
import { compiled, exampleText, topology } from "./compiled.ts";
import { passwordOf, rpcauthLine } from "./pillar.ts";
import { withQube } from "./qube/qube.ts";
import { salts } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const title = (name: string) => (refused === undefined ? name : `${name} (skipped: ${refused})`);
const system = compiled(exampleText("seed"));
const PILLAR = "/srv/pillar/own.sls";
const AUTH = "/home/bitcoin/.bitcoin/rpcauth-electrum-server.conf";
const CONF = "/home/bitcoin/.bitcoin/bitcoin.conf";
const files = (name: string) =>
  [...system.tree].flatMap(([path, { text }]) => {
    const at = path.indexOf(`/files/${name}/`);
    return at === -1 ? [] : [[path.slice(at + `/files/${name}`.length), text] as const];
  });

describe.skipIf(refused !== undefined)(title("under each Salt"), async () => {
  const list = refused === undefined ? await salts() : [];

  describe.each(list)("Salt $version", { concurrent: true }, (salt) => {
    it.each(system.model.qubes.map(({ name }) => name))(
      "%s: all lands, and the second apply changes nothing",
      async (name) => {
        await withQube(system, name, salt, async (qube) => {
          const first = await qube.apply();
          expect(first.filter(({ result }) => !result)).toEqual([]);
          expect(first.length).toBeGreaterThan(5);
          for (const [path, text] of files(name)) expect(qube.read(path)?.text, path).toBe(text);
          const second = await qube.apply();
          expect(second.filter(({ result, changed }) => !result || changed)).toEqual([]);
        });
      },
    );

    it("a node's client that is not itself in the pillar is not written, nor are the settings, and it is said without the secret", async () => {
      const line = rpcauthLine("electrum-server");
      const stranger = rpcauthLine("gone");
      const anothers = line.replace("electrum-server", "electrum-sever");
      await withQube(system, "bitcoin-server", salt, async (qube) => {
        const own = qube.read(PILLAR)?.text ?? "";
        const applied = async (text: string) => {
          qube.write(PILLAR, own.replace(JSON.stringify(line), JSON.stringify(text)));
          return (await qube.apply()).filter(({ result }) => !result);
        };
        const refused = [anothers, `${line}\n${stranger}\n`, `${stranger}\n${line}`, `${line}\0${stranger}`, "\n"];
        for (const text of refused) {
          const failed = await applied(text);
          expect(failed.map(({ id }) => id)).toEqual([
            `qwbtc-secret-${AUTH}`,
            `qwbtc-file-${CONF}`,
            "qwbtc-in-force-qwbtc-bitcoind.service",
          ]);
          expect(failed[0]?.comment).toContain("qwbtc:rpcauth:electrum-server in the pillar is not of its shape");
          expect(JSON.stringify(failed)).not.toMatch(/[0-9a-f]{32}/);
          expect(qube.read(AUTH)).toBeUndefined();
          expect(qube.read(CONF)).toBeUndefined();
        }
        // Mended, it is written; a line break at the end is none of its own. Spoilt again, what stands stays.
        expect(await applied(`${line}\n`)).toEqual([]);
        expect(qube.read(AUTH)?.text).toBe(line);
        expect((await applied(anothers)).map(({ id }) => id)).toContain(`qwbtc-secret-${AUTH}`);
        expect(qube.read(AUTH)?.text).toBe(line);
      });
    });
  });

  describe("under the first Salt", { concurrent: true }, () => {
    const [salt] = list as [(typeof list)[number]];

    it("each secret reaches its own qube, whole and unreadable to others", async () => {
      await withQube(system, "joinmarket-client", salt, async (qube) => {
        await qube.apply();
        // No line break at the end: JoinMarket would take it for a part of the password.
        expect(qube.read("/home/user/.joinmarket/rpc-cookie")).toEqual({
          text: `joinmarket-client:${passwordOf("joinmarket-client")}`,
          mode: "600",
          owner: "user",
        });
        expect(qube.read("/home/user/.joinmarket/joinmarket.cfg")).toMatchObject({ mode: "600", owner: "user" });
      });
      await withQube(system, "bitcoin-server", salt, async (qube) => {
        await qube.apply();
        for (const client of ["electrum-server", "joinmarket-client"])
          expect(qube.read(`/home/bitcoin/.bitcoin/rpcauth-${client}.conf`)).toEqual({
            text: rpcauthLine(client),
            mode: "600",
            owner: "bitcoin",
          });
      });
    });

    it.each([
      ["a name that is not its own", "electrum-sever:abc"],
      ["a line break", "electrum-server:abc\ndef"],
      ["a blank in the password", "electrum-server:abc def"],
    ])("a client's password with %s is not written, and no settings either", async (_what, bad) => {
      await withQube(system, "electrum-server", salt, async (qube) => {
        const good = `electrum-server:${passwordOf("electrum-server")}`;
        qube.write(PILLAR, (qube.read(PILLAR)?.text ?? "").replace(JSON.stringify(good), JSON.stringify(bad)));
        const failed = (await qube.apply()).filter(({ result }) => !result);
        expect(failed.map(({ id }) => id)).toEqual([
          "qwbtc-secret-/home/fulcrum/.fulcrum/rpc-cookie",
          "qwbtc-file-/home/fulcrum/.fulcrum/fulcrum.conf",
          "qwbtc-in-force-qwbtc-fulcrum.service",
        ]);
        expect(JSON.stringify(failed)).not.toContain("abc");
        expect(qube.read("/home/fulcrum/.fulcrum/rpc-cookie")).toBeUndefined();
      });
    });

    it("a key to an onion service other than the topology's is not written", async () => {
      await withQube(compiled(exampleText("remote-servers")), "sys-bitcoin", salt, async (qube) => {
        const key = "/var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private";
        const own = qube.read(PILLAR)?.text ?? "";
        qube.write(PILLAR, own.replace(/[a-z2-7]{56}:/, `${"b".repeat(56)}:`));
        expect((await qube.apply()).filter(({ result }) => !result).map(({ id }) => id)).toContain(
          `qwbtc-secret-${key}`,
        );
        expect(qube.read(key)).toBeUndefined();
        qube.write(PILLAR, own);
        expect((await qube.apply()).filter(({ result }) => !result)).toEqual([]);
        expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
      });
    });

    it("without its secret a daemon gets no settings either, and says what is missing", async () => {
      await withQube(
        system,
        "electrum-server",
        salt,
        async (qube) => {
          const failed = (await qube.apply()).filter(({ result }) => !result);
          expect(failed.map(({ id }) => id)).toEqual([
            "qwbtc-secret-/home/fulcrum/.fulcrum/rpc-cookie",
            "qwbtc-file-/home/fulcrum/.fulcrum/fulcrum.conf",
            "qwbtc-in-force-qwbtc-fulcrum.service",
          ]);
          expect(failed[0]?.comment).toContain("qwbtc:rpc:bitcoin-server");
          expect(qube.read("/home/fulcrum/.fulcrum/fulcrum.conf")).toBeUndefined();
        },
        { pillar: false },
      );
    });

    it("Electrum's file: what the wallet wrote stays, our keys are set, a broken file is left alone", async () => {
      const config = "/home/user/.electrum/config";
      await withQube(system, "electrum-client", salt, async (qube) => {
        await qube.apply();
        expect(qube.read(config)).toMatchObject({ mode: "600", owner: "user" });
        const ours = JSON.parse(qube.read(config)?.text ?? "") as object;
        const grown = {
          ...ours,
          auto_connect: "false",
          recently_open: ["/home/user/.electrum/wallets/mine"],
          is_maximized: true,
        };
        qube.write(config, JSON.stringify(grown, null, 4));
        const merged = (await qube.apply()).filter(({ changed }) => changed);
        expect(merged.map(({ id }) => id)).toEqual(["qwbtc-merge-/home/user/.electrum/config"]);
        expect(JSON.parse(qube.read(config)?.text ?? "")).toEqual({ ...grown, auto_connect: false });
        qube.write(config, "{ broken");
        expect((await qube.apply()).filter(({ result }) => !result).map(({ id }) => id)).toEqual([
          "qwbtc-merge-/home/user/.electrum/config",
        ]);
        expect(qube.read(config)?.text).toBe("{ broken");
      });
    });

    it("Electrum's file: a setting that the topology gave up is removed, once, and nothing of the wallet's", async () => {
      const config = "/home/user/.electrum/config";
      const wallets = (rest: string) =>
        compiled(
          topology({
            more: `  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }\n  electrum-client: { role: electrum-wallet, server: electrum-server${rest} }`,
          }),
        );
      await withQube(wallets(", settings: { decimal_point: 8 }"), "electrum-client", salt, async (qube) => {
        await qube.apply();
        const { decimal_point: point, ...ours } = JSON.parse(qube.read(config)?.text ?? "") as Record<string, unknown>;
        expect(point).toBe(8);
        expect(qube.read(`${config}.ours`)).toMatchObject({ mode: "600", owner: "user" });
        qube.write(config, JSON.stringify({ mine: 1, ...ours, decimal_point: 8 }, null, 4));
        qube.use(wallets(""));
        const changed = (await qube.apply()).filter((one) => one.changed).map(({ id }) => id);
        expect(changed).toContain("qwbtc-merge-/home/user/.electrum/config");
        expect(JSON.parse(qube.read(config)?.text ?? "")).toEqual({ ...ours, mine: 1 });
        expect((await qube.apply()).filter((one) => one.changed)).toEqual([]);
      });
    });

    it("a changed file of a running gateway is taken over: firewall, tor and filter are told, once", async () => {
      await withQube(system, "sys-bitcoin", salt, async (qube) => {
        await qube.apply();
        const told = [
          "systemctl --no-block reload-or-restart tor@default.service",
          "systemctl --no-block restart onion-grater.service",
          "whonix_firewall ",
        ];
        expect([...qube.calls()].toSorted()).toEqual(told);
        await qube.apply();
        expect(qube.calls()).toHaveLength(3);
        qube.write("/home/user/.bashrc", `alias mine=1\n${qube.read("/home/user/.bashrc")?.text}`);
        expect((await qube.apply()).filter(({ changed }) => changed)).toEqual([]);
      });
    });
  });
});
