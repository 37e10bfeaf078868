// SPDX-License-Identifier: GPL-3.0-or-later
/** Programs that must be told of changed files, under the real Salt: one that could not be told is told by the next apply, and nobody twice. */
import { expect, describe, it } from "vitest";
import { compiled, exampleText } from "./compiled.ts";
import { withQube } from "./qube/qube.ts";
import { salts } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const named = refused === undefined ? "" : ` (skipped: ${refused})`;

describe.skipIf(refused !== undefined)(`telling programs of a running gateway${named}`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Awaited<ReturnType<typeof salts>>[number]];

  it("a reload that failed is made up for; what a hand changed is told again", { timeout: 600_000 }, async () => {
    await withQube(compiled(exampleText("seed")), "sys-bitcoin", salt, async (qube) => {
      const told = [
        "systemctl --no-block reload-or-restart tor@default.service",
        "systemctl --no-block restart onion-grater.service",
        "whonix_firewall ",
      ];
      const ids = ["qwbtc-reload-firewall", "qwbtc-reload-tor", "qwbtc-restart-onion-grater"];
      await qube.shell("touch /tmp/fails");
      const failed = (await qube.apply()).filter(({ result }) => !result).map(({ id }) => id);
      expect(failed.toSorted()).toEqual(ids);
      await qube.shell("rm /tmp/fails");
      const before = qube.calls().length;
      const second = await qube.apply();
      expect(second.filter(({ result }) => !result)).toEqual([]);
      expect(second.filter(({ changed }) => changed).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
      expect(qube.calls().slice(before).toSorted()).toEqual(told);
      expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
      // Whoever changed it may have had the program read it as well: what is written back must be told, though the same was told before.
      await qube.shell("echo x >>/usr/local/etc/torrc.d/40_qwbtc.conf");
      await qube.apply();
      expect(qube.calls().slice(before + 3)).toEqual([told[0]]);
      // An apply that is cut short between a file and its program.
      await qube.shell("echo x >>/usr/local/etc/whonix_firewall.d/40_qwbtc.conf; rm -r /run/qwbtc-salt/told");
      expect((await qube.apply()).filter(({ result }) => !result)).toEqual([]);
      expect(
        qube
          .calls()
          .slice(before + 4)
          .toSorted(),
      ).toEqual(told);
      // The qube starts anew: what lies there its programs read by themselves, and an apply changes nothing. What a hand changes then, it tells.
      await qube.shell("rm -r /run/qwbtc-salt/told; sleep 1.1; mkdir /run/qubes-service");
      const started = qube.calls().length;
      expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
      expect(qube.calls().slice(started)).toEqual([]);
      await qube.shell("sleep 1.1; echo x >>/usr/local/etc/torrc.d/40_qwbtc.conf");
      expect((await qube.apply()).filter(({ result }) => !result)).toEqual([]);
      expect(qube.calls().slice(started)).toEqual([told[0]]);
    });
  });
});
