// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The daemons' units under a real systemd, with the users and folders that the states make: each runs only where dom0 says so and its program
 * is there, can do what the real one must, cannot do what it must not, and is given the signal on which it ends cleanly.
 */
import { describe, expect, it } from "vitest";
import { suites, whyNoContainer, withContainer, type Content } from "./container.ts";
import { daemon, model } from "./daemon.ts";

const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;

const daemons = model.qubes.filter((one) => one.role.daemon).map((one) => one.name);
const switchedOn = (gate: string): [string, Content] => [`/etc/standin-services/${gate}`, { text: "" }];

describe.each(suites)(`daemons in %s${named}`, { concurrent: true }, (suite) => {
  const test = it.skipIf(why !== undefined);

  test.each(daemons)("%s: runs, does what it must, cannot do what it must not, and ends cleanly", async (name) => {
    const { service, gate, files, before, writable, plan } = daemon(name);
    const on = new Map([
      ...files,
      switchedOn(gate),
      ["/etc/standin-services/other", { text: "" }] as [string, Content],
    ]);
    await withContainer({ suite, files: on, before }, async (box) => {
      const state = await box.out(`systemctl show -p ActiveState,SubState,Result ${service}`);
      expect(
        state.split("\n").toSorted().filter(Boolean),
        (await box.run(`journalctl -b -u ${service}`)).stdout,
      ).toEqual(["ActiveState=active", "Result=success", "SubState=running"]);
      // Where the daemon does not say that it is ready, systemd does not wait for it.
      const report = await box.out(
        `for i in $(seq 50); do cat ${plan.report} 2>/dev/null && exit; sleep 0.1; done; exit 1`,
      );
      const said = JSON.parse(report) as Record<string, string>;
      const denied = "Read-only file system|No such file or directory|Permission denied";
      const cannot = [
        ...plan.writes.slice(1, -1).map((one) => `write ${one}`),
        "read /home/user/secret",
        "read /rw/home/user/secret",
      ];
      for (const one of cannot) expect(said[one], one).toMatch(new RegExp(denied));
      expect(said["list /rw/home"]).toMatch(new RegExp(denied));
      expect(said["list /home"]).toBe(writable.split("/")[2]);
      expect(said["packet socket"]).not.toBe("yes");
      const can = [`write ${writable}/data`, "write /tmp/x", "thread", ...plan.ports.map((port) => `listen ${port}`)];
      for (const one of can) expect(said[one], one).toBe("yes");
      // Its own settings, but for those that it has none of.
      for (const file of plan.reads.filter((one) => one.startsWith(`${writable}/`)))
        expect(said[`read ${file}`], file).toBe("yes");
      expect(said["read /proc/meminfo"] === "yes", "reads all of /proc").toBe(name === "electrum-server");
      expect(said["code"], "makes code at run time").not.toBe("yes");
      await box.out(`systemctl stop ${service}`);
      expect(await box.out(`cat ${plan.report}.stopped`)).toBe(name === "electrum-server" ? "SIGINT" : "SIGTERM");
      expect(await box.out(`systemctl show -p ActiveState,Result ${service}`)).toMatch(
        /^(?:ActiveState=inactive\n|Result=success\n)+$/,
      );
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
    });
  });

  test.each(daemons)("%s: waits, without failing, for dom0's word and for its program", async (name) => {
    const { service, gate, files, before, program: wanted } = daemon(name);
    await withContainer({ suite, files, before }, async (box) => {
      expect((await box.run(`systemctl is-active ${service}`)).stdout).toBe("inactive\n");
      await box.out(
        `mkdir -p /run/qubes-service; touch /run/qubes-service/${gate}; mv ${wanted} /tmp/away; systemctl start ${service}`,
      );
      expect((await box.run(`systemctl is-active ${service}`)).stdout).toBe("inactive\n");
      await box.out(`mv /tmp/away ${wanted}; systemctl start ${service}`);
      expect((await box.run(`systemctl is-active ${service}`)).stdout).toBe("active\n");
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
    });
  });
});
