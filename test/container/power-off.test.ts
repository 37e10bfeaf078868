// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A daemon ends cleanly when its qube is shut down: dom0's order reaches the qube as `poweroff` (Xen's control/shutdown; Linux drivers/xen/manage.c,
 * orderly_poweroff), and systemd must wait for the daemon as long as its unit says, with /home still there. The daemon's own unit, a stand-in that takes
 * 25 s to end, and the Debians of both Whonix versions.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { suites, whyNoContainer, withContainer, type Box, type Content } from "./container.ts";
import { daemon } from "./daemon.ts";

const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;
const ENDS = 25;

/** Ends after the daemon did, and takes a while, in which the test can look. */
const last = (service: string) =>
  `[Unit]\nBefore=${service}\nAfter=home.mount\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/sleep 5\n`;
/** A user's session that does not end by itself: it must not keep the daemon from ending, nor the other way round. */
const session =
  "[Service]\nType=simple\nUser=user\nExecStart=/bin/sh -c 'trap \"\" TERM; while :; do sleep 1; done'\nTimeoutStopSec=3\n";

function made(name: string, { on = true, notifies = true } = {}) {
  const one = daemon(name, { ends: ENDS, notifies });
  const files = new Map<string, Content>([
    ...one.files,
    ...(on ? ([[`/etc/standin-services/${one.gate}`, { text: "" }]] as const) : []),
    ["/etc/systemd/system/last.service", { text: last(one.service) }],
    ["/etc/systemd/system/multi-user.target.wants/last.service", { link: "/etc/systemd/system/last.service" }],
    ["/etc/systemd/system/session.service", { text: session }],
    ["/etc/systemd/system/multi-user.target.wants/session.service", { link: "/etc/systemd/system/session.service" }],
  ]);
  return { ...one, files };
}

interface Seen {
  readonly at: number;
  readonly state: string;
  readonly ended: boolean;
  readonly home: boolean;
}

/** Shuts the qube down as dom0 does, and looks at it until it is gone. */
async function shutDown(box: Box, service: string, report: string): Promise<{ seen: Seen[]; took: number }> {
  const began = Date.now();
  await box.out("systemctl poweroff --no-block");
  const seen: Seen[] = [];
  const look = `systemctl show -P ActiveState ${service}; echo $(cat ${report}.stopped 2>/dev/null); grep -c ' /home ' /proc/mounts; echo here`;
  for (;;) {
    const [state = "", ended = "", home = "", here = ""] = (await box.run(look, 5000)).stdout.split("\n");
    if (here === "") break;
    seen.push({ at: (Date.now() - began) / 1000, state, ended: ended !== "", home: home !== "0" });
    await sleep(500);
  }
  return { seen, took: (Date.now() - began) / 1000 };
}

describe.each(suites)(`at power-off in %s${named}`, { concurrent: true }, (suite) => {
  const test = it.skipIf(why !== undefined);

  test.each(["bitcoin-server", "electrum-server"])("%s has all the time that it needs", async (name) => {
    const { service, files, before, plan } = made(name);
    await withContainer({ suite, files, before }, async (box) => {
      await eventually(async () => (await box.run(`cat ${plan.report}`)).status, 0);
      const { seen, took } = await shutDown(box, service, plan.report);
      expect(took).toBeGreaterThan(ENDS);
      // It wrote its last file, after which systemd let the rest of the system end; and all the while its folder was there.
      const ending = seen.filter(({ ended }) => !ended);
      expect(ending.at(-1)?.at, JSON.stringify(seen.slice(-5))).toBeGreaterThan(ENDS - 4);
      expect(ending.filter(({ state, home }) => !["active", "deactivating"].includes(state) || !home)).toEqual([]);
      expect(
        seen.some(({ ended, home }) => ended && home),
        JSON.stringify(seen.slice(-5)),
      ).toBe(true);
    });
  });

  test("bitcoind that is not ready yet, reading its block index, has it too", async () => {
    const { service, gate, files, before, plan } = made("bitcoin-server", { on: false, notifies: false });
    await withContainer({ suite, files, before }, async (box) => {
      await box.out(
        `mkdir -p /run/qubes-service; touch /run/qubes-service/${gate}; systemctl start --no-block ${service}`,
      );
      await eventually(async () => (await box.run(`cat ${plan.report}`)).status, 0);
      expect(await box.out(`systemctl show -P ActiveState ${service}`)).toBe("activating\n");
      const { seen, took } = await shutDown(box, service, plan.report);
      expect(took).toBeGreaterThan(ENDS);
      expect(
        seen.some(({ ended, home }) => ended && home),
        JSON.stringify(seen.slice(-5)),
      ).toBe(true);
    });
  });

  test.each([
    ["bitcoin-server", "10min", "15"],
    ["electrum-server", "5min", "2"],
    ["joinmarket-server", "20s", "15"],
  ])("%s: what systemd itself says of its end", async (name, limit, signal) => {
    const { service, files, before } = daemon(name);
    await withContainer({ suite, files, before }, async (box) => {
      const fact = async (key: string) => (await box.out(`systemctl show -p ${key} --value ${service}`)).trim();
      expect(await box.out(`systemctl show -p TimeoutStopUSec ${service}`)).toBe(`TimeoutStopUSec=${limit}\n`);
      expect([await fact("KillSignal"), await fact("KillMode"), await fact("SendSIGKILL")]).toEqual([
        signal,
        "control-group",
        "yes",
      ]);
      // Stopped at power-off, and what it needs only after it.
      expect(await fact("Conflicts")).toContain("shutdown.target");
      expect(await fact("Before")).toContain("shutdown.target");
      for (const earlier of ["home.mount", "basic.target", "sysinit.target"])
        expect(await fact("After")).toContain(earlier);
      // systemd's own limit to a power-off is above it.
      expect(await box.out("systemctl show -P JobTimeoutUSec poweroff.target")).toBe("30min\n");
    });
  });
});
