// SPDX-License-Identifier: GPL-3.0-or-later
/** formulas/dom0/uninstall.sh in the stand-in dom0, after an install and an apply: what goes, what stays, and what it asks. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleText, project, topology } from "./compiled.ts";
import { applied, removeMachines, stored, type Machine } from "./leave/machine.ts";
import { blocks } from "./leave/blocks.ts";
import { below, named } from "./leave/said.ts";
import { NOT_CONFIRMED } from "./leave/not-confirmed.ts";
import { salts, type Salt } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
afterAll(removeMachines);
const LINKS = "/etc/qubes/policy.d/80-qwbtc.policy";
const EARLY = "/etc/qubes/policy.d/45-qwbtc.policy";
const POWER_OFF = "/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf";
/** What `sudo` is where one is root already. */
const sudo = 'sudo() { "$@"; }';
const CONF = "/etc/salt/minion.d/formula-qwbtc.conf";

const removed = (out: string) =>
  out
    .split("\n")
    .flatMap((line) => (line.startsWith("Removed: ") ? [line.slice(9).replace("/.gone-", "/")] : []))
    .toSorted();

describe.skipIf(refused !== undefined)(
  refused === undefined ? "uninstall.sh" : `uninstall.sh (skipped: ${refused})`,
  async () => {
    const [salt] = (refused === undefined ? await salts() : []) as [Salt];
    let seed: ReturnType<typeof applied>;
    let same: Machine | undefined;
    let count = 0;
    beforeAll(() => void (seed = applied("seed", exampleText("seed"), salt)), 120_000);
    const fresh = () => seed.machine.copy(`copy${++count}`);
    const picture = (machine: Machine) => [machine.files(), machine.world()];
    const WORTHY = ["bitcoin-server", "electrum-client", "electrum-server", "joinmarket-client"];
    const typing = (machine: Machine, ...more: string[]) => {
      const order = machine.run("./uninstall.sh --all-qubes --list").out;
      const qubes = below(order, "Would go, of formula qwbtc:").flatMap((line) =>
        line.startsWith("qube ") ? [line.slice(5)] : [],
      );
      return ["yes", ...qubes.filter((name) => WORTHY.includes(name)), ...more];
    };

    it("--list says what goes and what stays, changes nothing, and is what then happens", () => {
      const machine = fresh();
      const before = picture(machine);
      const listed = machine.run("./uninstall.sh --list");
      expect(listed).toMatchObject({ status: 0, err: "" });
      expect(picture(machine)).toEqual(before);
      const done = machine.run("./uninstall.sh");
      expect(done).toMatchObject({ status: 0, err: "" });
      expect(removed(done.out)).toEqual(named(below(listed.out, "Would go, of formula qwbtc:")));
      expect(below(done.out, "Left:")).toEqual(below(listed.out, "Would stay:"));
    });

    it("takes away policy, tops, states and versions, and leaves exactly what it lists", () => {
      const machine = fresh();
      const { status, out } = machine.run("./uninstall.sh");
      expect(status).toBe(0);
      expect(out.indexOf(`Removed: ${LINKS}`)).toBeLessThan(out.indexOf("_tops/base/qwbtc.top"));
      expect(out.indexOf("_tops/base/qwbtc.top")).toBeLessThan(out.indexOf("Removed: /srv/formulas"));
      const left = named(below(out, "Left:"));
      expect(left).toEqual(
        [
          EARLY,
          POWER_OFF,
          "/srv/pillar/base/qwbtc",
          "/tmp/tree",
          ...machine.tagged().map((name) => `qube ${name}`),
        ].toSorted(),
      );
      const kept = machine.files().filter((file) => !left.some((one) => file === one || file.startsWith(`${one}/`)));
      expect(kept).toEqual(seed.before.files);
      expect(machine.tagged()).toEqual(seed.machine.tagged());
      const now = picture(machine);
      const again = machine.run("./uninstall.sh");
      expect(again.out.startsWith("Nothing to do.\nLeft:\n")).toBe(true);
      expect([again.status, picture(machine)]).toEqual([0, now]);
    });

    it("with everything, leaves dom0 as it was before the install; also as the stored copy", () => {
      for (const script of ["./uninstall.sh", `${stored(seed.machine)}/uninstall.sh`]) {
        const machine = fresh();
        const ran = machine.asked(`${script} --all-qubes --secrets`, ...typing(machine, "qwbtc"));
        expect(ran.status, ran.out).toBe(0);
        expect(machine.files()).toEqual(seed.before.files);
        expect(Object.keys(machine.world().qubes).toSorted()).toEqual(seed.before.qubes.toSorted());
        expect(ran.out).toContain(script.startsWith("/") ? "Nothing of it is left." : "Left:\n  /tmp/tree: ");
        expect(readdirSync(machine.host("var/lib"))).toEqual([]);
      }
    });

    it("removes one qube by its name alone, and says where its backup stands before", () => {
      const machine = fresh();
      const ran = machine.asked("./uninstall.sh electrum-client", "yes", "electrum-client");
      expect(ran.status, ran.out).toBe(0);
      expect(ran.out).toContain("Seed words on paper bring the coins back");
      expect(ran.out).toMatch(/Qubes backs it up, if you made backups/);
      const gone = seed.machine.tagged().filter((name) => !machine.tagged().includes(name));
      expect(gone).toEqual(["electrum-client"]);
      expect(machine.files()).toContain(EARLY);
      expect(machine.run("./uninstall.sh electrum-client").out).toContain("Nothing to do.");
    });

    it.each(NOT_CONFIRMED)("changes nothing where %s", (_what, code, run) => {
      same ??= fresh(); // one for all of these: nothing is changed
      const ran = run(same);
      expect(ran.status, ran.out).toBe(code);
      expect(same.files()).toEqual(seed.machine.files());
      const names = (one: Machine) => Object.keys(one.world().qubes);
      expect(names(same)).toEqual(names(seed.machine));
    });

    it("leaves qubes without the tag, and those that somebody else's qube uses, and shuts down what runs", () => {
      const machine = fresh();
      machine.run(
        "./start; qvm-create --label red --template qwbtc-ws-electrum mine; qvm-tags joinmarket-client del qwbtc",
      );
      const ran = machine.asked("./uninstall.sh --all-qubes", ...typing(machine));
      expect(ran.status, ran.out).toBe(0);
      expect(machine.tagged()).toEqual(["qwbtc-ws-electrum", "qwbtc-ws-jm-wallet"]);
      expect(Object.keys(machine.world().qubes)).toEqual(expect.arrayContaining(["mine", "joinmarket-client"]));
      expect(ran.out).toContain("qube qwbtc-ws-electrum: mine would be without it");
      expect(ran.out).toContain(`${EARLY}: it keeps the qubes with the tag qwbtc shut`);
    });

    it("says what qubesd refuses, goes on, and keeps the qubes shut", () => {
      const machine = fresh();
      machine.run("qubes-prefs updatevm sys-bitcoin");
      const ran = machine.asked("./uninstall.sh --all-qubes", ...typing(machine));
      expect(ran.status).toBe(1);
      expect(ran.out).toContain("error: sys-bitcoin was not removed: ");
      expect(machine.tagged()).toEqual(["sys-bitcoin"]);
      expect(machine.files()).toContain(EARLY);
    });

    it("removes no byte that is not its own", () => {
      const machine = fresh();
      const version = stored(machine);
      appendFileSync(machine.host(LINKS), "# mine\n");
      appendFileSync(machine.host(CONF), "# mine\n");
      cpSync(machine.host(version), machine.host(`${version}.changed`), { recursive: true });
      writeFileSync(machine.host(`${version}.changed/README.md`), "mine");
      writeFileSync(machine.host("/var/lib/qwbtc-salt/qwbtc/notes"), "mine");
      mkdirSync(machine.host(`/var/lib/qwbtc-salt/qwbtc/${"a".repeat(64)}`));
      const ran = machine.run("./uninstall.sh");
      expect(ran.status).toBe(1);
      expect(ran.err).toContain(`${LINKS} was edited, so it stays`);
      const left = named(below(ran.out, "Left:"));
      for (const mine of [
        LINKS,
        CONF,
        `${version}.changed`,
        "/var/lib/qwbtc-salt/qwbtc/notes",
        `/var/lib/qwbtc-salt/qwbtc/${"a".repeat(64)}`,
      ])
        expect(left).toContain(mine);
      expect(readFileSync(machine.host(`${version}.changed/README.md`), "utf8")).toBe("mine");
      expect(readdirSync(machine.host("/var/lib/qwbtc-salt/qwbtc")).toSorted()).toEqual(
        ["a".repeat(64), `${version.split("/").at(-1)}.changed`, "notes"].toSorted(),
      );
    });

    it("stops where a link of somebody else would lead nowhere, or the tree is not whole", () => {
      const machine = fresh();
      machine.run("ln -s /srv/formulas/base/qwbtc-formula/qwbtc/init.top /srv/salt/_tops/base/mine.top");
      const before = picture(machine);
      const linked = machine.run("./uninstall.sh");
      expect([linked.status, picture(machine)]).toEqual([2, before]);
      expect(linked.err).toContain("/srv/salt/_tops/base/mine.top");
      machine.run("rm /srv/salt/_tops/base/mine.top; echo >>MANIFEST.json");
      expect(machine.run("./uninstall.sh")).toMatchObject({ status: 2, out: "" });
      expect(machine.run("cd /; cp /tmp/tree/uninstall.sh /tmp; /tmp/uninstall.sh").err).toContain("is not whole");
    });

    it("takes a qube of which its manifest says nothing for one with keys", () => {
      const machine = fresh();
      machine.run(
        `python3 -c 'import json; m = json.load(open("MANIFEST.json")); m["qubes"]["joinmarket-server"].pop("holds"); json.dump(m, open("MANIFEST.json", "w"))'; sed -i "s/^.*  MANIFEST.json$/$(sha256sum MANIFEST.json)/" SHA256SUMS`,
      );
      const ran = machine.asked("./uninstall.sh joinmarket-server", "yes", "no");
      expect(ran.out).toContain("joinmarket-server holds keys. Whatever it holds");
      expect([ran.status, machine.tagged()]).toEqual([1, seed.machine.tagged()]);
    });

    it("goes on with an install afterwards, with the qubes and passwords that were left", () => {
      const machine = fresh();
      machine.run("./uninstall.sh");
      const again = machine.run("./install.sh && qubesctl top.enable qwbtc pillar=True && qubesctl --all state.apply");
      expect(again.status, again.out + again.err).toBe(0);
      expect(machine.files()).toEqual(seed.machine.files().filter((file) => !file.includes("/creating/")));
      expect(machine.world()).toEqual(seed.machine.world());
    });

    it("goes by the runbook's own commands", () => {
      const machine = fresh();
      const [look = "", all = ""] = blocks(readFileSync(machine.host("/tmp/tree/README.md"), "utf8"), "Going back");
      const done = machine.run(`${sudo}; ${look}`);
      expect(done).toMatchObject({ status: 0, err: "" });
      expect(done.out).toContain("Would go, of formula qwbtc:");
      const ran = machine.asked(all.replace("sudo ", ""), ...typing(machine));
      expect(ran.status, ran.out).toBe(0);
      expect(machine.tagged()).toEqual([]);
    });

    it("what the runbook says of backup brings the passwords to another machine, before its first apply", () => {
      const old = fresh();
      const [backup = "", back = ""] = blocks(
        readFileSync(old.host("/tmp/tree/README.md"), "utf8"),
        "Backup and restore",
      );
      const [keep = ""] = backup.split("\n");
      expect(old.run(`${sudo}; ${keep}; stat -c '%a %s' ~/qwbtc-pillar.tar`).out).toMatch(/^600 [1-9]\d+\n$/);
      const other = fresh();
      expect(other.asked("./uninstall.sh --all-qubes --secrets", ...typing(other, "qwbtc")).status).toBe(0);
      expect(other.run("./install.sh").status).toBe(0);
      cpSync(old.host("/root/qwbtc-pillar.tar"), other.host("/root/qwbtc-pillar.tar"));
      expect(other.run(`${sudo}; cd ~; ${back}`).status).toBe(0);
      expect(other.run("ls ~/qwbtc-pillar.tar").status).not.toBe(0);
      const pillar = "cd /srv/pillar/base; find qwbtc -printf '%p %m %u:%g\n'; find qwbtc -type f -exec sha256sum {} +";
      expect(other.run(pillar).out).toBe(old.run(pillar).out);
      const apply = other.run("qubesctl --all state.apply");
      expect([apply.status, other.tagged()], apply.out).toEqual([0, old.tagged()]);
    });

    it("killed before any step, does no harm, and the next run finishes", () => {
      const { machine } = applied("small", topology(), salt);
      const kills = `${project}/test/leave/kill.py`;
      const ran = machine.run('python3 -I "$1" /tmp/tree', kills);
      console.log(`uninstall.sh, kills: ${ran.out.trim()}`);
      expect(ran, ran.err).toMatchObject({ status: 0 });
      const counted = JSON.parse(ran.out) as Record<string, number>;
      expect(Math.min(...Object.values(counted))).toBeGreaterThan(15);
    }, 600_000);
  },
);
