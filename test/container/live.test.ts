// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Which change restarts a daemon: the last states of a qube, as Salt runs them (`unless`, then the command), beside the daemon's own unit under a real
 * systemd. A stand-in daemon says what settings it started with. On the Debians of both Whonix versions.
 */
import { describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { suites, whyNoContainer, type Content } from "./container.ts";
import { comparing, live, type Made } from "./live.ts";

const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;

const settingsOf = { "bitcoin-server": "bitcoin.conf", "electrum-server": "fulcrum.conf" } as const;
const fileOf = ({ own }: Made, name: string) => own.find(([file]) => file.endsWith(`/${name}`))?.[0] ?? "";
const restarted = /^restart qwbtc-.*: its settings or its program changed/;

describe.each(suites)(`a live qube in %s${named}`, { concurrent: true }, (suite) => {
  const test = it.skipIf(why !== undefined);

  test.each(["bitcoin-server", "electrum-server", "joinmarket-server"] as const)(
    "%s: nothing to do after the boot, at another program once",
    async (name) => {
      await live(suite, name, { ends: 2 }, async ({ box, made, apply, fact, settled, starts }) => {
        await settled();
        expect(await apply()).toBeUndefined();
        const folder = made.program.replace(/\/current\/.*/, "");
        await box.out(`cp -a ${folder}/1.0 ${folder}/1.1; ln -sfn 1.1 ${folder}/current`);
        const first = await fact("InvocationID");
        expect(await apply()).toMatch(restarted);
        expect(await apply(), "while it ends").toBeUndefined();
        await eventually(
          () => fact("InvocationID"),
          (seen: unknown) => seen !== first,
        );
        expect(await apply(), "while it starts").toBeUndefined();
        await eventually(async () => (await starts()).length, 2);
        expect(await apply()).toBeUndefined();
      });
    },
  );

  test.each(["bitcoin-server", "electrum-server"] as const)(
    "%s: a reworded comment is no change; a setting and a secret are one each",
    async (name) => {
      await live(suite, name, {}, async ({ box, made, apply, starts, settled, edit }) => {
        await settled();
        const conf = fileOf(made, settingsOf[name]);
        await edit(conf, "s/^#.*/# Said otherwise./; $ a\\ \\n\\n   # and more");
        expect(await apply()).toBeUndefined();
        let count = 1;
        const changes = async (what: string, change: () => Promise<unknown>) => {
          await change();
          expect(await apply(), what).toMatch(restarted);
          count += 1;
          await eventually(async () => (await starts()).length, count);
          expect(await apply(), what).toBeUndefined();
        };
        await changes("a setting", () => edit(conf, "$ a maxsomething = 7"));
        expect((await starts()).at(-1)?.[conf]).toContain("maxsomething = 7");
        const secret = made.own.find(([file]) => /rpc/.test(file))?.[0] ?? "";
        await changes("a secret", () => box.out(`printf made-up:other >${secret}`));
        expect((await starts()).at(-1)?.[secret]).toBe("made-up:other");
        if (name === "bitcoin-server")
          await changes("the user's own file", () => edit(fileOf(made, "bitcoin.conf.local"), "$ a dbcache=100"));
        // Behind a # in a line it is a comment for bitcoind and Fulcrum alike; in a password it is none.
        await edit(conf, "s/maxsomething = 7/maxsomething = 7 # seven/");
        expect(await apply()).toBeUndefined();
      });
    },
  );

  test("what somebody stopped stays stopped, what failed stays failed, and a masked unit is left alone", async () => {
    await live(suite, "electrum-server", {}, async ({ box, made, apply, fact, settled, edit }) => {
      await settled();
      await box.out(`systemctl stop ${made.service}`);
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 1");
      expect(await apply()).toBeUndefined();
      expect(await fact("ActiveState")).toBe("inactive");
      // Started by hand it reads what is there, and that is known.
      await box.out(`systemctl start ${made.service}`);
      expect(await apply()).toBeUndefined();
      await box.out(
        `mkdir -p /run/systemd/system/${made.service}.d; printf '[Service]\\nRestart=no\\nExecStart=\\nExecStart=/bin/false\\n' >/run/systemd/system/${made.service}.d/x.conf; systemctl daemon-reload; systemctl restart ${made.service} || true`,
      );
      await eventually(() => fact("ActiveState"), "failed");
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 2");
      expect(await apply()).toBeUndefined();
      await box.out(`systemctl reset-failed; systemctl mask --runtime ${made.service}`);
      expect(await apply()).toBeUndefined();
    });
  });

  test("what waited for its settings, its secret or its program is started once that is there, and not before", async () => {
    const cookie = (made: Made) => `/rw${fileOf(made, "rpc-cookie")}`;
    const conf = (made: Made) => `/rw${fileOf(made, "fulcrum.conf")}`;
    const without = (made: Made) => [cookie(made), conf(made), made.program.replace("/current/", "/1.0/")];
    await live(suite, "electrum-server", { without }, async ({ box, made, apply, fact, settled }) => {
      await settled("inactive");
      const back = (file: string) => box.out(`mv ${file}.away ${file}`);
      expect(await apply(), "nothing is there").toBeUndefined();
      await back(cookie(made));
      await back(conf(made));
      expect(await apply(), "the program is not there").toBeUndefined();
      await back(made.program);
      await box.out(`mv /run/qubes-service/${made.gate} /tmp`);
      expect(await apply(), "dom0 has not switched it on").toBeUndefined();
      await box.out(`mv /tmp/${made.gate} /run/qubes-service`);
      expect(await apply()).toMatch(/^start qwbtc-fulcrum.service: what it waited for is there/);
      await settled();
      expect(await fact("NRestarts")).toBe("0");
      expect(await apply()).toBeUndefined();
      await box.out(`systemctl stop ${made.service}`);
      expect(await apply(), "stopped by hand").toBeUndefined();
    });
  });

  test("a start that has noted nothing yet is left alone: it will read the files as they are", async () => {
    await live(suite, "electrum-server", {}, async ({ box, made, apply, fact, starts, settled, edit }) => {
      await settled();
      const dropIn = `/run/systemd/system/${made.service}.d`;
      const record = "ExecStartPre=-+/usr/local/lib/qwbtc-salt/in-force record %n";
      await box.out(
        `mkdir -p ${dropIn}; printf '[Service]\\nExecStartPre=\\nExecStartPre=/bin/sleep 8\\n%s\\n' '${record}' >${dropIn}/x.conf; systemctl daemon-reload`,
      );
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 1");
      expect(await apply()).toMatch(restarted);
      await eventually(() => fact("SubState"), "start-pre");
      expect(await apply()).toBeUndefined();
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 2");
      expect(await apply()).toBeUndefined();
      await eventually(async () => (await starts()).length, 2);
      expect((await starts()).at(-1)?.[fileOf(made, "fulcrum.conf")]).toContain("\nx = 2\n");
      expect(await apply()).toBeUndefined();
    });
  });

  test("bitcoind that is not ready yet is restarted as well, and nobody waits", async () => {
    await live(
      suite,
      "bitcoin-server",
      { on: false, notifies: false, ends: 10 },
      async ({ box, made, apply, fact, starts, edit }) => {
        // Not at the boot, whose end would wait for it.
        await box.out(
          `mkdir -p /run/qubes-service; touch /run/qubes-service/${made.gate}; systemctl start --no-block ${made.service}`,
        );
        const look = async () => `${await fact("ActiveState")} ${await fact("SubState")} ${(await starts()).length}`;
        await eventually(look, "activating start 1");
        expect(await apply()).toBeUndefined();
        await edit(fileOf(made, "bitcoin.conf"), "$ a x=1");
        expect(await apply()).toMatch(restarted);
        expect(await fact("ActiveState")).toBe("deactivating");
        expect(await apply()).toBeUndefined();
        await eventually(look, "activating start 2");
        expect((await starts()).at(-1)?.[fileOf(made, "bitcoin.conf")]).toContain("\nx=1\n");
        expect(await apply()).toBeUndefined();
      },
    );
  });

  test("a crash is mended by systemd, with whatever the files hold then", async () => {
    await live(suite, "electrum-server", {}, async ({ box, made, apply, fact, starts, settled, edit }) => {
      await settled();
      await box.out(
        `mkdir -p /run/systemd/system/${made.service}.d; printf '[Service]\\nRestartSec=10\\n' >/run/systemd/system/${made.service}.d/x.conf; systemctl daemon-reload; systemctl kill -s KILL ${made.service}`,
      );
      await eventually(() => fact("SubState"), "auto-restart");
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 1");
      expect(await apply()).toBeUndefined();
      await eventually(async () => (await starts()).length, 2);
      expect(await apply()).toBeUndefined();
    });
  });

  test("a file that changes between the note and the program's start makes it differ, so that nothing old stays in force", async () => {
    const more = ({ service }: Made): [string, Content][] => [
      [`/etc/systemd/system/${service}.d/x.conf`, { text: "[Service]\nExecStartPre=/bin/sleep 8\n" }],
    ];
    await live(suite, "electrum-server", { more }, async ({ box, made, apply, fact, starts, settled, edit }) => {
      await settled();
      await box.out(`systemctl restart --no-block ${made.service}`);
      await eventually(() => fact("SubState"), "start-pre");
      const start = await fact("InvocationID");
      const noted = async () => (await box.run(`cat /run/qwbtc-salt/in-force/${made.service}`)).stdout.includes(start);
      await eventually(noted, true);
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 1");
      expect(await apply()).toMatch(restarted);
      await eventually(
        async () => (await starts()).length,
        (seen: unknown) => Number(seen) > 1,
      );
      expect(await apply()).toBeUndefined();
    });
  });

  test("a daemon of a template from before this is restarted once, not at each apply", async () => {
    const more = ({ service }: Made): [string, Content][] => [
      [`/etc/systemd/system/${service}.d/x.conf`, { text: "[Service]\nExecStartPre=\n" }],
    ];
    await live(suite, "electrum-server", { more }, async ({ made, apply, starts, settled, edit }) => {
      await settled();
      expect(await apply()).toMatch(/what it started with is not known/);
      await eventually(async () => (await starts()).length, 2);
      expect(await apply()).toBeUndefined();
      await edit(fileOf(made, "fulcrum.conf"), "$ a x = 1");
      expect(await apply()).toMatch(restarted);
    });
  });

  test("the note is root's, holds no secret, and what is no plain file stops nothing but is said", async () => {
    await live(suite, "electrum-server", {}, async ({ box, made, fact, settled }) => {
      await settled();
      const note = `/run/qwbtc-salt/in-force/${made.service}`;
      expect(await box.out(`stat -c '%U %a' ${note}; tr -d ' 0-9a-f\\n' <${note}`)).toBe("root 600\n");
      const { unless, command } = comparing("electrum-server");
      // The daemon owns its folder, and may put anything there; the stand-in would itself wait for what it reads.
      await box.out(
        'python3 -c \'import json; p="/etc/standin.json"; d=json.load(open(p)); d.update(settings=[],reads=[]); json.dump(d,open(p,"w"))\'',
      );
      const cookie = fileOf(made, "rpc-cookie");
      for (const odd of [`mkfifo ${cookie}`, `ln -s /dev/zero ${cookie}`, `truncate -s 2M ${cookie}`]) {
        await box.out(`rm -f ${cookie}; ${odd}`);
        expect((await box.run(unless)).status, odd).toBe(2);
        const said = await box.run(command);
        expect([said.status, said.stderr.split("\n").length], said.stderr).toEqual([2, 2]);
        expect(said.stderr).toMatch(/left as it is: .*rpc-cookie is (?:no plain file|larger)/);
        // It starts all the same.
        await box.out(`systemctl restart ${made.service}; systemctl is-active ${made.service} || true`);
        expect(await fact("Result")).toBe("success");
      }
    });
  });
});
