// SPDX-License-Identifier: GPL-3.0-or-later
/** The stand-in private volume: whose homes are in it, and that they are before anything mounts it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { whyNoContainer, withContainer } from "../container/container.ts";
import { stockFiles } from "./qube.ts";

const refused = whyNoContainer();

describe.skipIf(refused !== undefined)(refused ? `private volume (skipped: ${refused})` : "private volume", () => {
  it("has the homes of all users when a unit that requires /home starts, however long they take to make", async () => {
    const rw = mkdtempSync(path.join(tmpdir(), "rw-"));
    const { files, before } = stockFiles("some-qube", "workstation");
    const unit = "/usr/lib/systemd/system/early.service";
    const lines = [
      "[Unit]",
      "RequiresMountsFor=/home/daemon /usr/local",
      "[Service]",
      "Type=oneshot",
      "ExecStart=sh -c 'ls -A /home >/run/seen'",
    ];
    files.set(unit, { text: `${lines.join("\n")}\n` });
    files.set("/etc/systemd/system/multi-user.target.wants/early.service", { link: unit });
    const slow = "/etc/systemd/system/qubes-mount-dirs.service.d/slow.conf";
    files.set(slow, { text: "[Service]\nExecStartPre=/bin/sleep 2\n" });
    // What dom0 says at its start: nothing.
    files.set("/usr/lib/standin/dom0/wired", { text: "" });
    files.set("/usr/lib/standin/dom0/qubesdb.json", { text: "{}" });
    const more = ["useradd --system --uid 861 --home-dir /home/daemon --no-create-home own-daemon"];
    try {
      await withContainer(
        {
          suite: "bookworm",
          files,
          before: [...before, ...more],
          options: [`--bind=${rw}:/rw`, "--private-network"],
          up: "until systemctl is-active -q qubes-mount-dirs && [ -s /run/seen ]; do sleep 0.1; done",
        },
        async (box) => {
          expect(await box.out("cat /run/seen")).toBe("daemon\nuser\n");
          expect(await box.out("stat -c '%n %U %a' /home/*")).toBe(
            "/home/daemon own-daemon 700\n/home/user user 700\n",
          );
          // Mounted once: systemd's own job for it has waited.
          expect(await box.out("grep -c ' /home ' /proc/mounts")).toBe("1\n");
        },
      );
    } finally {
      rmSync(rw, { recursive: true });
    }
  });
});
