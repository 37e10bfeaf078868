// SPDX-License-Identifier: GPL-3.0-or-later
/** The containers themselves: what a test puts in is there, and nothing stays behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { baseOf, suites, whyNoContainer, withContainer } from "./container.ts";

const why = whyNoContainer();
/** What boot.sh would leave if it left something; other processes have containers too. */
const mine = `qwbtc-box-${process.pid}-`;
const left = () =>
  ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"]
    .filter((top) => existsSync(top))
    .flatMap((top) => readdirSync(top).filter((name) => name.startsWith(mine)));

describe(`a container${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  beforeAll(async () => {
    if (why === undefined) for (const suite of suites) await baseOf(suite);
  });

  it.skipIf(why !== undefined).each(suites)("has its files, its users and a systemd in order: %s", async (suite) => {
    const files = new Map([
      ["/etc/deep/down/secret", { text: "one\n", mode: 0o600 }],
      ["/etc/deep/link", { link: "down/secret" }],
    ]);
    await withContainer({ suite, files, before: ["useradd user", "touch /before"] }, async (box) => {
      expect(await box.out("cat /etc/deep/link; stat -c '%U %a' /etc/deep/down/secret")).toBe("one\nroot 600\n");
      expect(await box.out("id -un user; ls /before; cat /proc/1/comm")).toBe("user\n/before\nsystemd\n");
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
      expect(await box.run("echo out; echo err >&2; exit 3")).toEqual({ status: 3, stdout: "out\n", stderr: "err\n" });
      // Nothing but its own loopback.
      expect(await box.out("ls /sys/class/net")).toBe("lo\n");
    });
  });

  it.skipIf(why !== undefined).each(suites)("holds units to DevicePolicy and IPAddressDeny: %s", async (suite) => {
    const asks = `import os, socket
for ask in lambda: os.open("/dev/odd", os.O_RDWR), lambda: socket.create_connection(("127.0.0.1", 7000), 1).close():
    try: ask(); print("yes")
    except OSError as error: print(error.strerror or error)
`;
    const unit = (...held: string[]) => ({
      text: ["[Service]", "Type=oneshot", "ExecStart=python3 /asks.py", "StandardOutput=file:/said", ...held, ""].join(
        "\n",
      ),
    });
    const files = new Map([
      ["/asks.py", { text: asks }],
      ["/etc/systemd/system/free.service", unit()],
      ["/etc/systemd/system/held.service", unit("DevicePolicy=closed", "IPAddressDeny=any")],
      ["/etc/systemd/system/port.socket", { text: "[Socket]\nListenStream=127.0.0.1:7000\nAccept=yes\n" }],
      ["/etc/systemd/system/port@.service", { text: "[Service]\nExecStart=true\n" }],
    ]);
    await withContainer({ suite, files }, async (box) => {
      // No driver has this number, which is told only to those who may open it.
      await box.out(
        "mknod -m 666 /dev/odd c 1 99; systemctl start port.socket free; mv /said /free; systemctl start held",
      );
      expect(await box.out("cat /free")).toBe("No such device or address\nyes\n");
      expect(await box.out("cat /said")).toBe("Operation not permitted\ntimed out\n");
    });
  });

  it.skipIf(why !== undefined)("is gone after work that failed", async () => {
    const work = withContainer({ suite: "trixie" }, async (box) => {
      expect(left().length).toBeGreaterThan(0);
      await box.out("exit 1");
    });
    await expect(work).rejects.toThrow("exit 1");
    expect(left()).toEqual([]);
  });

  it.skipIf(why !== undefined)("that cannot be made says why, and leaves nothing", async () => {
    const work = withContainer({ suite: "trixie", before: ["echo this went wrong >&2", "false"] }, async () => {});
    await expect(work).rejects.toThrow("this went wrong");
    expect(left()).toEqual([]);
  });

  it.skipIf(why !== undefined)("is gone when whoever started it was killed", async () => {
    const base = await baseOf("trixie");
    const files = mkdtempSync(path.join(tmpdir(), "container-"));
    mkdirSync(path.join(files, "root"));
    writeFileSync(path.join(files, "before"), "echo it is made >&2");
    // Stands for the test's own process: it holds the other end of the keeper's standard input.
    const starter = spawn("sleep", ["1000"], { stdio: ["ignore", "pipe", "ignore"] });
    const keeper = spawn("sh", [path.join(import.meta.dirname, "boot.sh"), `${mine}killed`, base, files], {
      stdio: [starter.stdout, "pipe", "pipe"],
    });
    const ended = once(keeper, "exit");
    const [pid] = (await once(keeper.stdout, "data")) as [Buffer];
    await once(keeper.stderr, "data");
    expect(existsSync(`/proc/${Number(pid)}`)).toBe(true);
    starter.kill("SIGKILL");
    await ended;
    expect([existsSync(`/proc/${Number(pid)}`), existsSync(files), left()]).toEqual([false, false, []]);
  });
});
