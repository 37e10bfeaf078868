// SPDX-License-Identifier: GPL-3.0-or-later
/** The unit that makes a node's watch-only wallets, under a real systemd and beside the node's own unit: when it runs, in which order, and what it may. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DATADIR } from "../../src/roles/bitcoind/own.ts";
import { compiled, exampleText, project } from "../compiled.ts";
import { suites, whyNoContainer, withContainer, type Box, type Content } from "./container.ts";
import { templateFiles } from "./template.ts";

const { tree, model } = compiled(exampleText("seed"));
const why = whyNoContainer();
const unit = "qwbtc-watch-wallets.service";
const node = "qwbtc-bitcoind.service";
const bitcoind = "/usr/local/lib/qwbtc-salt/bitcoin-core/current/bin/bitcoind";

/** The seed's node, with a stand-in for bitcoind in its place. */
function seed(services: readonly string[], more: readonly (readonly [string, Content])[] = []) {
  const qube = model.qubes.find(({ name }) => name === "bitcoin-server");
  const files = templateFiles(tree, qube?.template.name ?? "", (file) =>
    /\/qwbtc-(?:bitcoind|watch-wallets)\.service$/.test(file),
  );
  for (const [file, { text }] of tree) {
    const at = file.indexOf("/files/bitcoin-server/");
    const target = at === -1 ? "" : file.slice(at + "/files/bitcoin-server".length);
    if (/^\/usr\/local\/.*watch-wallets/.test(target) || target.startsWith(DATADIR))
      files.set(target, { text, mode: path.extname(target) === "" ? 0o755 : 0o644 });
  }
  files.set(bitcoind, { text: readFileSync(path.join(project, "test/wallets/node.py"), "utf8"), mode: 0o755 });
  for (const one of services) files.set(`/etc/standin-services/${one}`, { text: "" });
  files.set("/usr/lib/systemd/system/qubes-sysinit.service", {
    text: "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkdir -p /run/qubes-service && cp /etc/standin-services/* /run/qubes-service/ || true'\n",
  });
  files.set("/etc/systemd/system/sysinit.target.wants/qubes-sysinit.service", {
    link: "/usr/lib/systemd/system/qubes-sysinit.service",
  });
  for (const [file, content] of more) files.set(file, content);
  const before = [
    "useradd --system --user-group --home-dir /home/bitcoin bitcoin",
    `chown -R bitcoin: /home/bitcoin; chmod -R go= /home/bitcoin`,
  ];
  return { files, before };
}

const both = ["qwbtc-bitcoind", "qwbtc-watch-wallets"];
const changes = async (box: Box) => (await box.run(`cat ${DATADIR}/changes`)).stdout;
const state = async (box: Box, one: string) =>
  (await box.out(`systemctl show --value -p ActiveState -p Result ${one}`)).trim().split("\n").toSorted().join(" ");
const settled = (box: Box) =>
  expect
    .poll(async () => (await box.run(`systemctl is-active ${unit}`)).stdout, { timeout: 30_000 })
    .not.toBe("activating\n");

describe.each(suites)(`the watch-only wallets' unit in %s${why === undefined ? "" : ` (skipped: ${why})`}`, (suite) => {
  const test = it.skipIf(why !== undefined);

  test("makes them when the node has started, and finds nothing to do at its next start", async () => {
    await withContainer({ suite, ...seed(both) }, async (box) => {
      await settled(box);
      const log = async () => (await box.run(`journalctl -b -o cat -u ${unit}`)).stdout;
      expect(await changes(box), await log()).toBe("createwallet joinmarket-client\n");
      expect(await state(box, unit)).toBe("inactive success");
      expect(await log()).toContain("joinmarket-client: made");
      // After the node said that it is ready, not before.
      const when = async (one: string, key: string) => Number(await box.out(`systemctl show --value -p ${key} ${one}`));
      expect(await when(unit, "InactiveExitTimestampMonotonic")).toBeGreaterThan(
        await when(node, "ActiveEnterTimestampMonotonic"),
      );
      await box.out(`systemctl restart ${node}`);
      await expect.poll(log, { timeout: 30_000 }).toContain("joinmarket-client: is there");
      await settled(box);
      await box.out(`systemctl start ${unit}`);
      await expect.poll(async () => (await log()).match(/is there/g)?.length, { timeout: 30_000 }).toBe(2);
      expect(await changes(box)).toBe("createwallet joinmarket-client\n");
      // Without the node it does not run, and nothing fails.
      await box.out(`systemctl stop ${node}`);
      expect((await box.run(`systemctl start ${unit}`)).status).not.toBe(0);
      expect(
        await box.out(`systemctl --no-block start ${unit}; systemctl list-units --failed --plain --no-legend`),
      ).toBe("");
    });
  });

  test("runs where dom0 says so and its program's node is there alone", async () => {
    await withContainer({ suite, ...seed(["qwbtc-bitcoind"]) }, async (box) => {
      expect(await state(box, node)).toBe("active success");
      expect(await changes(box)).toBe("");
      await box.out(
        `systemctl stop ${node}; touch /run/qubes-service/qwbtc-watch-wallets; mv ${bitcoind} /tmp/away; systemctl start ${node}`,
      );
      expect(await state(box, unit)).toBe("inactive success");
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
      await box.out(`mv /tmp/away ${bitcoind}; systemctl start ${node}`);
      await settled(box);
      expect(await changes(box)).toBe("createwallet joinmarket-client\n");
    });
  });

  test("fails loudly, once, where another wallet has the name, and the node runs on", async () => {
    const folder = `${DATADIR}/wallets/joinmarket-client`;
    const mine: [string, Content] = [
      `${folder}/wallet.json`,
      { text: '{"private_keys_enabled": true, "descriptors": true}' },
    ];
    await withContainer({ suite, ...seed(both, [mine]) }, async (box) => {
      await settled(box);
      expect(await state(box, unit)).toBe("exit-code failed");
      expect(await state(box, node)).toBe("active success");
      expect(await box.out(`journalctl -b -o cat -u ${unit}`)).toContain("it has private keys");
      expect(await box.out(`cat ${folder}/wallet.json`)).toContain('"private_keys_enabled": true');
      expect((await box.run(`cat ${DATADIR}/settings.json`)).stdout).toBe("");
    });
  });

  test("may read the node's folder and write nothing in it, and reaches its own loopback alone", async () => {
    const tries = `import os, socket
for name, ask in (("cookie", lambda: open("${DATADIR}/.cookie").read()), ("write", lambda: open("${DATADIR}/x", "w")), ("user", lambda: os.listdir("/home/user")), ("unix", lambda: socket.socket(socket.AF_UNIX))):
    try: ask(); print(name, "yes")
    except OSError as error: print(name, error.strerror)
`;
    const dropIn: [string, Content] = [
      `/etc/systemd/system/${unit}.d/probe.conf`,
      { text: "[Service]\nExecStart=\nExecStart=/usr/bin/python3 -I -B /usr/local/lib/probe.py\n" },
    ];
    const more = [
      dropIn,
      ["/usr/local/lib/probe.py", { text: tries }] as const,
      ["/home/user/x", { text: "" }] as const,
    ];
    await withContainer({ suite, ...seed(both, more) }, async (box) => {
      await settled(box);
      expect(await box.out(`journalctl -b -o cat -u ${unit} | grep -E '^(cookie|write|user|unix) '`)).toBe(
        "cookie yes\nwrite Read-only file system\nuser No such file or directory\nunix Address family not supported by protocol\n",
      );
    });
  });
});
