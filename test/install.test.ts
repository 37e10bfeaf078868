// SPDX-License-Identifier: GPL-3.0-or-later
/** formulas/dom0/install.sh in a private root: what it puts in force, and what a kill leaves behind.
 * What it refuses stands in install/broken.test.ts and install/obstacles.test.ts. */
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { afterAll, describe, expect, it as plain } from "vitest";
import { conf, inForce, it, link, machine, own, short, store, top, why, withA } from "./install/bench.ts";
import { installer, rpcSecrets } from "./install/tree.ts";

describe(`a whole tree${why}`, { concurrent: true }, () => {
  it("is installed on an empty machine: links, modes, owners, messages", async () => {
    const dom0 = machine();
    const digest = dom0.unpack("/tmp/a", "A");
    const ran = await dom0.install("/tmp/a");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain("Checked: 17 files of formula qwbtc, compiled by 0.1.0");
    expect(ran.out).toContain(`In force: version ${short(digest)} of formula qwbtc.`);
    expect(ran.out).toMatch(
      /Next: go on in README\.md .*\n {2}sudo qubesctl --show-output state\.highstate test=True\n$/,
    );
    const seen = await dom0.run(
      `readlink ${link} ${top}; stat -c '%a %U:%G %n' ${store} ${conf} /srv/pillar/base/qwbtc; ls -A /srv/pillar/base/qwbtc`,
    );
    expect(seen.out.split("\n")).toEqual([
      `${store}/${digest}/srv/formulas/base/qwbtc-formula`,
      `${link}/qwbtc/init.top`,
      `700 root:root ${store}`,
      `644 root:root ${conf}`,
      "700 root:root /srv/pillar/base/qwbtc",
      "",
    ]);
    expect((await dom0.run(`cd ${store}/${digest} && sha256sum --strict --quiet -c SHA256SUMS`)).code).toBe(0);
  });

  it("needs none of the modes that it was unpacked with, whatever the umask", async () => {
    const dom0 = machine();
    const digest = dom0.unpack("/tmp/a", "A");
    const ran = await dom0.run(
      "chmod g+s /var/lib; find /tmp/a -type f -exec chmod 0606 {} +; chown -R 65534:65534 /tmp/a; umask 077; sh /tmp/a/install.sh",
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    const modes = await dom0.run(`find ${store}/${digest} -printf '%y %m %u:%g %f\\n' | sort`);
    const scripts = modes.out.split("\n").filter((line) => line.startsWith("f 755"));
    expect(scripts).toEqual(["f 755 root:root fetch", "f 755 root:root install.sh", "f 755 root:root rotate-secrets"]);
    expect(modes.out.replace(/^(d 755|f 644|f 755) root:root .*\n/gm, "")).toBe("");
    expect((await dom0.run(`stat -c %a /srv/formulas /srv/formulas/base ${store}`)).out).toBe("755\n755\n700\n");
  });

  it("once more writes nothing and says so", async () => {
    const { dom0, a } = await withA();
    const before = dom0.snapshot();
    const ran = await dom0.install("/tmp/a");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain(`Nothing to do. In force: version ${short(a)}`);
    expect(dom0.snapshot()).toEqual(before);
  });

  it("replaces another version, and the stored old one brings itself back", async () => {
    const { dom0, a, b } = await withA();
    const up = await dom0.install("/tmp/b");
    expect(up.out).toContain(`In force: version ${short(b)}`);
    expect(up.out).toContain(`Before: version ${short(a)}. To go back: sudo ${store}/${a}/install.sh`);
    expect(inForce(dom0)).toBe("# B");
    const down = await dom0.run(`${store}/${a}/install.sh`);
    expect(down).toMatchObject({ code: 0, err: "" });
    expect(inForce(dom0)).toBe("# A");
  });

  it("may lie behind a link, in a path with blanks and line breaks, and be called from anywhere", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a b\n'c\"\n", "A");
    dom0.unpack("/tmp/plain", "B");
    const odd = await dom0.run('cd /; "$1/install.sh"', "/tmp/a b\n'c\"\n");
    expect(odd).toMatchObject({ code: 0, err: "" });
    expect(inForce(dom0)).toBe("# A");
    const linked = await dom0.run(
      "ln -s plain ./-link; ln -s /tmp/-link/install.sh /run/install; /run/install && cd ./-link && sh install.sh",
    );
    expect(linked).toMatchObject({ code: 0, err: "" });
    expect(linked.out).toContain("Nothing to do.");
    expect(inForce(dom0)).toBe("# B");
  });

  it("of another formula goes beside the first", async () => {
    const { dom0 } = await withA();
    dom0.unpack("/tmp/other", "O", { formula: "test-net2" });
    expect(await dom0.install("/tmp/other")).toMatchObject({ code: 0, err: "" });
    expect(inForce(dom0)).toBe("# A");
    expect((await dom0.run("sed -n 2p /srv/salt/_tops/base/test-net2.top")).out).toBe("# O\n");
  });

  it("can be copied, links followed, as each management disposable gets it", async () => {
    const { dom0 } = await withA();
    const copy = `import shutil; shutil.copytree("/srv", "/tmp/copy"); print(open("/tmp/copy/salt/_tops/base/qwbtc.top").read())`;
    expect((await dom0.run(`python3 -I -c '${copy}'`)).out).toContain("# A");
  });

  it("survives what qubes.directories does to /srv; the pillar is closed again", async () => {
    const { dom0, a } = await withA();
    await dom0.run("find /srv -type d -exec chmod 0750 {} +; find /srv -type f -exec chmod 0640 {} +");
    expect(await dom0.install("/tmp/a")).toMatchObject({ code: 0, err: "" });
    expect((await dom0.run(`stat -c %a ${store}/${a} ${store}/${a}/${own}/init.top /srv/pillar/base/qwbtc`)).out).toBe(
      "755\n644\n700\n",
    );
  });

  it("mends an installed version that was edited, by one exchange, and keeps the edited copy", async () => {
    const { dom0, a } = await withA();
    appendFileSync(dom0.host(`${store}/${a}/${own}/init.top`), "# by hand\n");
    const ran = await dom0.install("/tmp/a");
    expect(ran.code).toBe(0);
    expect(ran.err).toContain(`${own}/init.top has other bytes than SHA256SUMS says`);
    expect(readFileSync(dom0.host(`${store}/${a}/${own}/init.top`), "utf8")).not.toContain("by hand");
    expect(readFileSync(dom0.host(`${store}/${a}.changed/${own}/init.top`), "utf8")).toContain("by hand");
    expect((await dom0.install("/tmp/a")).out).toContain("Nothing to do.");
  });
});

describe(
  `kill -9 leaves the old or the new version in force, and the next run finishes${why}`,
  { concurrent: true },
  () => {
    let kills = 0;
    afterAll(() => console.log(`kills: ${kills}`));
    // Clients that stay, that come and that go, and a node that moves.
    const versions = {
      A: rpcSecrets("bitcoin-server", ["electrum-server", "joinmarket-client"]),
      B: rpcSecrets("bitcoin-server", ["joinmarket-client", "electrum-two"]),
      C: rpcSecrets("node-two", ["joinmarket-client"]),
    };

    async function kill(how: string): Promise<Record<string, number>> {
      const dom0 = machine();
      for (const [version, secrets] of Object.entries(versions)) dom0.unpack(`/tmp/${version}`, version, { secrets });
      const script = new URL("install/kill.py", import.meta.url).pathname;
      const ran = await dom0.run('"$1" "$2" /tmp/A /tmp/B /tmp/C', script, how);
      console.log(`kill ${how}: ${ran.out.trim()}`);
      expect(ran).toMatchObject({ code: 0, err: "" });
      const count = JSON.parse(ran.out);
      kills += count.kills;
      return count;
    }

    it.each([1, 2])("at 50 random moments, seed %i", { timeout: 600_000 }, async (seed) => {
      const count = await kill(`50:${seed}`);
      expect(count).toMatchObject({ kills: 50 });
      expect(count["rotations"]).toBeGreaterThan(0);
    });

    it.each([
      ["fresh", 30],
      ["upgrade", 25],
      ["rotation", 8],
    ])("before each call that writes, one after the other: %s", { timeout: 600_000 }, async (how, least) => {
      expect((await kill(how))["kills"]).toBeGreaterThan(least);
    });
  },
);

describe("the script", () => {
  const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
  plain.skipIf(!shellcheck)(
    `is clean for shellcheck${shellcheck ? "" : " (skipped: shellcheck is not installed)"}`,
    () => {
      // Of the optional checks not these: braces are a taste, and the other two warn of every function in a condition or in a text.
      const ran = spawnSync("shellcheck", ["-s", "sh", "-o", "all", "-e", "SC2250,SC2310,SC2312", installer], {
        encoding: "utf8",
      });
      expect(ran.stdout).toBe("");
      expect(ran.status).toBe(0);
    },
  );

  plain("is executable and holds no name of any topology", () => {
    expect(statSync(installer).mode & 0o111).toBe(0o111);
    expect(readFileSync(installer, "utf8")).not.toMatch(/bitcoin|joinmarket|electrum/);
  });
});
