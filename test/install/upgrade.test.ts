// SPDX-License-Identifier: GPL-3.0-or-later
/** Which machine a tree is for, what an upgrade leaves in the store, and what is in force when the pillar cannot be written. */
import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { expectRefusal, inForce, it, judged, machine, own, short, store, why, withA } from "./bench.ts";
import { PILLAR, pillarOf, PILLAR_TOP } from "./pillar.ts";
import { rpcSecrets } from "./tree.ts";

const two = { secrets: rpcSecrets("bitcoin-server", ["electrum-server", "joinmarket-client"]) };
const one = { secrets: rpcSecrets("bitcoin-server", ["electrum-server"]) };

describe(`the machine${why}`, { concurrent: true }, () => {
  it.each([
    ["another release", "Qubes release 4.2 (R4.2)", "this machine has R4.2", 'platform: { qubes: "4.2" }'],
    ["a later one", "Qubes release 4.4 (R4.4)", "this machine has R4.4", 'platform: { qubes: "4.4" }'],
    ["a longer number", "Qubes release 4.30 (R4.30)", "this machine has R4.30", ""],
    [
      "another system",
      "Fedora release 41 (Forty One)",
      "does not say which Qubes OS this is",
      "Qubes release 4.3 (R4.3)",
    ],
    ["an empty file", "", "does not say which Qubes OS this is", ""],
  ])("of %s is refused", async (_, text, ...words) => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    const ran = await dom0.run(`echo '${text}' >/etc/qubes-release; ${judged("/tmp/a/install.sh")}`);
    expectRefusal(ran, 2, ...words, "Nothing was written.");
  });

  it("that is none is refused; one with a point release is not", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    expectRefusal(await dom0.run(`rm /etc/qubes-release; ${judged("/tmp/a/install.sh")}`), 2, "does not say which");
    writeFileSync(dom0.host("/etc/qubes-release"), "Qubes release 4.3.1 (R4.3.1)\n");
    expect(await dom0.install("/tmp/a")).toMatchObject({ code: 0, err: "" });
  });
});

describe(`the store${why}`, { concurrent: true }, () => {
  const versions = (dom0: ReturnType<typeof machine>) =>
    readdirSync(dom0.host(store)).filter((name) => /^[0-9a-f]{64}/.test(name));

  it("keeps the version before this one, removes older ones, and says so; again, nothing", async () => {
    const { dom0, a, b } = await withA();
    const c = dom0.unpack("/tmp/c", "C");
    expect((await dom0.install("/tmp/b")).out).not.toContain("Removed:");
    const up = await dom0.install("/tmp/c");
    expect(up.out).toContain(`Removed: version ${short(a)}, older than the one before this.`);
    expect(up.out).toContain(`Before: version ${short(b)}.`);
    expect(versions(dom0).toSorted()).toEqual([b, c].toSorted());
    const before = dom0.snapshot();
    expect((await dom0.install("/tmp/c")).out).toContain("Nothing to do.");
    expect(dom0.snapshot()).toEqual(before);
    expect((await dom0.run(`${store}/${b}/install.sh`)).code).toBe(0);
    expect(inForce(dom0)).toBe("# B");
    expect(versions(dom0).toSorted()).toEqual([b, c].toSorted());
  });

  it("an older one that was edited there is kept under another name", async () => {
    const { dom0, a } = await withA();
    dom0.unpack("/tmp/c", "C");
    await dom0.install("/tmp/b");
    appendFileSync(dom0.host(`${store}/${a}/${own}/init.top`), "# mine\n");
    expect((await dom0.install("/tmp/c")).out).toContain(`Kept: version ${short(a)} was edited in the store`);
    expect(versions(dom0)).toContain(`${a}.changed`);
    expect(versions(dom0)).not.toContain(a);
  });
});

describe(`when the pillar cannot be written${why}`, { concurrent: true }, () => {
  it("before the switch, the old version stays in force, with its secrets; the next run finishes", async () => {
    const dom0 = machine();
    const a = dom0.unpack("/tmp/a", "A", one);
    dom0.unpack("/tmp/b", "B", two);
    const ran = await dom0.run(
      `mkdir -p ${PILLAR}; mount -t tmpfs -o nr_inodes=5 t ${PILLAR}; /tmp/a/install.sh >/dev/null; touch ${PILLAR}/.init.top.new
       old() { cd ${PILLAR} && cat bitcoin-server.sls electrum-server.sls init.top; }
       before=$(old); /tmp/b/install.sh; echo "code $?"; [ "$before" = "$(old)" ] && echo same
       sed -n 2p ${store.replace("/var/lib/qwbtc-salt", "/srv/formulas/base")}-formula/qwbtc/init.top
       mount -o remount,nr_inodes=50 ${PILLAR}; /tmp/b/install.sh >/dev/null && ls -A ${PILLAR}`,
    );
    expectRefusal(ran, 0, "No space left on device", `In force: version ${short(a)}`);
    expect(ran.out).toMatch(
      /code 2\nsame\n# A\nbitcoin-server\.sls\nelectrum-server\.sls\ninit\.top\njoinmarket-client\.sls\n$/,
    );
    expect(ran.err).not.toContain("Traceback");
  });

  it("after the switch, the new version stays in force and nothing that it needs is missing; the next run finishes", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A", two);
    const b = dom0.unpack("/tmp/b", "B", one);
    const ran = await dom0.run(
      `mkdir -p ${PILLAR}; mount -t tmpfs -o nr_inodes=6 t ${PILLAR}; /tmp/a/install.sh >/dev/null
       mount -o remount,nr_inodes=5 ${PILLAR}; /tmp/b/install.sh; echo "code $?"; ls -A ${PILLAR}
       mount -o remount,nr_inodes=50 ${PILLAR}; /tmp/b/install.sh >/dev/null && ls -A ${PILLAR}`,
    );
    expectRefusal(ran, 0, "No space left on device", `In force: version ${short(b)}`);
    expect(ran.out).toMatch(/code 2\nbitcoin-server\.sls\nelectrum-server\.sls\ninit\.top\n/);
    expect(ran.out).toMatch(/\nbitcoin-server\.sls\nelectrum-server\.sls\ninit\.top\n$/);
    expect(ran.err).not.toContain("Traceback");
  });

  it.each([
    ["fails", "stand-in: told to fail"],
    ["lies", "top.enable qwbtc pillar=True did not enable the top"],
  ])(
    "qubesctl %s at the pillar's top: the old version stays in force, and the next run finishes",
    async (hook, words) => {
      const { dom0, a } = await withA();
      dom0.unpack("/tmp/c", "C", two);
      writeFileSync(dom0.host(`/etc/qubesctl-${hook}-pillar`), "");
      expectRefusal(await dom0.install("/tmp/c"), 2, words, `In force: version ${short(a)}`);
      expect(inForce(dom0)).toBe("# A");
      expect(existsSync(dom0.host(PILLAR_TOP))).toBe(false);
      rmSync(dom0.host(`/etc/qubesctl-${hook}-pillar`));
      expect(await dom0.install("/tmp/c")).toMatchObject({ code: 0, err: "" });
      expect(Object.keys(pillarOf(dom0))).toHaveLength(3);
      expect(inForce(dom0)).toBe("# C");
    },
  );
});
