// SPDX-License-Identifier: GPL-3.0-or-later
/** The dom0 command `plan` in the stand-in dom0: what it says before and after the real Salt applied a tree. */
import { chmodSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiled, exampleText, topology } from "./compiled.ts";
import { Machine, planned, type Plan } from "./dom0view/bench.ts";
import { drifts } from "./dom0view/drifts.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts, type Salt } from "./salts/salts.ts";

const refused = whyNoSandbox();
const machines: Machine[] = [];
afterAll(() => machines.forEach((one) => one.gone()));

describe.skipIf(refused !== undefined)(refused === undefined ? "plan" : `plan (skipped: ${refused})`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Salt];
  const machine = (text: string) => {
    const made = new Machine(text, salt);
    machines.push(made);
    chmodSync(made.state, 0o755);
    return made;
  };

  // dom0.test.ts applies every example; these are unlike each other: gateways on clones, forwarders, an older Whonix, two of a kind.
  it.each(["exposed", "remote-servers", "seed-2022", "two-wallets"])(
    "%s: everything is to be made, and after one apply nothing differs",
    (name) => {
      const { model } = compiled(exampleText(name));
      const dom0 = machine(exampleText(name));
      const before = dom0.snapshot();
      const fresh = planned(dom0);
      expect(dom0.snapshot()).toEqual(before);
      expect(fresh).toMatchObject({ code: 1, clashes: [], obstacles: [], in_force: { state: "none" } });
      const made = fresh.changes.filter(({ kind }) => kind === "create").map((one) => one.machine);
      const missing = fresh.changes.filter(({ kind }) => kind === "install").map((one) => one.machine);
      expect(made.toSorted()).toEqual([...dom0.names].toSorted());
      expect(fresh.changes.filter(({ kind }) => kind === "policy")).toHaveLength(2);
      expect(fresh.changes.filter(({ kind }) => kind === "power-off")).toHaveLength(1);
      expect(fresh.changes).toHaveLength(made.length + 3 + missing.length);

      dom0.install();
      dom0.apply();
      const after = planned(dom0);
      expect(after).toMatchObject({ code: 0, changes: [], clashes: [], obstacles: [], files: {}, commands: [] });
      expect(after.in_force.state).toBe("this");
      // It knew which qubes the apply would leave running.
      // Gateways on a clone it has the user start, between templates and qubes.
      for (const line of fresh.commands) if (line.startsWith("qvm-start ")) expect(dom0.sh(line).code).toBe(0);
      const up = model.qubes
        .filter((one) => dom0.world().qubes[one.name]?.power_state === "Running")
        .map((one) => one.name);
      expect(fresh.starts_and_keeps.filter((one) => dom0.names.includes(one)).toSorted()).toEqual(up.toSorted());
    },
  );

  describe("in the seed's system, applied", () => {
    let dom0: Machine;
    let restore: () => void;
    beforeAll(() => {
      dom0 = machine(exampleText("seed"));
      dom0.install();
      dom0.apply();
      restore = dom0.keep();
    });

    it.each(drifts)("names $name", ({ drift, finds }) => {
      restore();
      if (typeof drift === "string") expect(dom0.sh(drift)).toMatchObject({ code: 0 });
      else dom0.change(drift);
      const found = planned(dom0);
      expect(found.code).toBe(1);
      expect(
        found.changes.map(({ machine: one, what, old, new: wanted }) => `${one} ${what}: ${old} -> ${wanted}`),
      ).toEqual(finds);
    });

    it("all of them at once are gone after a real apply", () => {
      restore();
      for (const { drift, alone } of drifts) {
        if (alone) continue;
        if (typeof drift === "string") dom0.sh(drift);
        else dom0.change(drift);
      }
      const found = planned(dom0);
      expect(found.changes.length).toBeGreaterThan(20);
      for (const qube of found.obstacles) dom0.sh(qube.fix.replace(/^before the apply: /, ""));
      dom0.apply();
      expect(planned(dom0)).toMatchObject({ code: 0, changes: [] });
    });

    it("says which running qubes must be restarted, and which an apply would fail at", () => {
      restore();
      dom0.sh(
        "qvm-start bitcoin-server; qvm-start electrum-server; qvm-prefs bitcoin-server maxmem 3000; qvm-service electrum-server cups on",
      );
      dom0.change(({ qubes }) => {
        (qubes["sys-bitcoin"] as { volumes: Record<string, object> }).volumes["root"] = {
          ...qubes["sys-bitcoin"]?.volumes["root"],
          is_outdated: true,
        };
        Object.assign(qubes["electrum-server"]?.properties ?? {}, { template: "whonix-workstation-18" });
      });
      const found = planned(dom0);
      expect(found.restarts).toEqual({
        "bitcoin-server": ["read when it starts: maxmem"],
        "electrum-server": ["read when it starts: cups"],
        "sys-bitcoin": ["its template changed since it started"],
      });
      expect(found.obstacles).toEqual([
        {
          machine: "electrum-server",
          what: "it runs, and Qubes changes no template under a running qube",
          fix: "before the apply: qvm-shutdown --wait electrum-server",
        },
      ]);
      expect(found.commands).toEqual(["sudo qubesctl --dom0-only state.apply"]);
      // As it says: the apply fails there, and not after that.
      expect(() => dom0.apply()).toThrow("qwbtc-prefs-electrum-server");
      dom0.sh("qvm-shutdown --wait electrum-server");
      expect(() => dom0.apply()).not.toThrow();
    });

    it("names a template that was left running, and a qube that the topology no longer has", () => {
      restore();
      dom0.sh("qvm-start qwbtc-ws-fulcrum; qvm-clone electrum-client old-wallet");
      const found = planned(dom0);
      expect(found).toMatchObject({ code: 0, running_templates: ["qwbtc-ws-fulcrum"] });
      expect(found.left_alone).toEqual([
        expect.stringContaining("old-wallet bears the tag qwbtc and is not in this tree"),
      ]);
    });

    it("after a change of the topology says what is new in which qube, and the shortest commands for that", () => {
      restore();
      const grown = exampleText("seed").replace(
        "chain: main",
        "chain: main\n    settings: { dbcache: 1234 }\n    vm: { maxmem: 4500 }",
      );
      expect(grown).not.toBe(exampleText("seed"));
      dom0.unpack(grown, "grown");
      const [seen, since] = ["", " --since /tmp/tree"].map((words) => {
        const { code, out } = dom0.sh(`../grown/plan --format json${words}`);
        return { ...(JSON.parse(out) as Plan), code };
      });
      expect(seen).toMatchObject({ code: 1, in_force: { state: "another" } });
      expect(since?.files).toEqual(seen?.files);
      expect(Object.keys(seen?.files ?? {})).toEqual(["bitcoin-server"]);
      expect(seen?.files["bitcoin-server"]).toEqual([{ sign: "other", path: "/home/bitcoin/.bitcoin/bitcoin.conf" }]);
      expect(seen?.changes.map(({ what, old, new: wanted }) => `${what}: ${old} -> ${wanted}`)).toEqual([
        "maxmem: 4000 -> 4500",
      ]);
      expect(seen?.commands).toEqual(["sudo qubesctl --targets=bitcoin-server --show-output state.apply"]);
      expect(seen?.starts).toEqual(["bitcoin-server"]);
      dom0.install("grown");
      dom0.apply();
      expect(JSON.parse(dom0.sh("../grown/plan --format json").out)).toMatchObject({ changes: [], exit: 0 });
      // Once installed, only an earlier tree says what was new.
      expect(dom0.sh("../grown/plan --since 000000").err).toContain("there is no earlier tree at 000000");
      const digest = dom0.sh("sha256sum <SHA256SUMS").out.slice(0, 12);
      const back = dom0.sh(`../grown/plan --since ${digest}`);
      expect(back.out).toContain(`since version ${digest}`);
      expect(back.out).toContain("other /home/bitcoin/.bitcoin/bitcoin.conf");
    });

    it("without root says what it cannot see, and is not sure where root would be", () => {
      restore();
      dom0.sh("chmod 0750 /srv/formulas; qvm-tags electrum-client del qwbtc");
      const user = dom0.asUser("./plan");
      expect(user).toMatchObject({ code: 2, err: "" });
      expect(user.out).toMatch(/only\s+root can see here/);
      expect(user.out).toMatch(/unless\s+an\s+apply\s+was\s+cut\s+off\s+while\s+it\s+made\s+it/);
      dom0.sh("qvm-tags electrum-client add qwbtc; chmod 0755 /srv/formulas");
      expect(dom0.asUser("./plan")).toMatchObject({ code: 0, err: "" });
      // Another version than the installed one: its files are root's.
      dom0.unpack(exampleText("seed").replace("chain: main", "chain: main\n    settings: { dbcache: 700 }"), "other");
      const other = dom0.asUser("/tmp/other/plan");
      expect(other.code).toBe(2);
      expect(other.out).toContain("can be read by root alone");
    });

    it("is refused by qubesd: an error for people, exit 2", () => {
      restore();
      for (const how of ["down", "silent"]) {
        const ran = dom0.sh(`DOM0_STANDIN_QUBESD=${how} ./plan`);
        expect(ran).toMatchObject({ code: 2, out: "" });
        expect(ran.err).toMatch(/^error: qubesd does not answer: .*\n {2}why: .*\n {2}fix: .*\n$/);
      }
      expect(dom0.sh("mv MANIFEST.json gone; ./plan; code=$?; mv gone MANIFEST.json; exit $code")).toMatchObject({
        code: 2,
      });
      for (const wrong of ["--sinse x", "--since", "--format html", "more"])
        expect(dom0.sh(`./plan ${wrong}`).code, wrong).toBe(2);
      expect(dom0.sh("PYTHONPATH= ./plan").err).toContain("there is no Python module qubesadmin here");
    });

    it("reads well in a terminal of 80 columns, and leaves no file behind", () => {
      restore();
      const before = dom0.snapshot();
      dom0.sh("./plan; ./plan --help; cd /; /tmp/tree/plan");
      expect(dom0.snapshot()).toEqual(before);
      dom0.sh(
        "qvm-remove -f joinmarket-client; qvm-prefs bitcoin-server netvm sys-joinmarket; sed -i /8433/d /etc/qubes/policy.d/80-qwbtc.policy",
      );
      const { out } = dom0.sh("./plan");
      const long = out.split("\n").filter((line) => line.length > 80 && !/qubesctl|^ {6}[ +-]/.test(line));
      expect(long).toEqual([]);
      expect(out).toContain("    netvm: sys-joinmarket -> sys-bitcoin\n");
      expect(out).toContain("      +qubes.ConnectTCP +8433 electrum-server @default allow target=bitcoin-server");
    });
  });

  it("says of strangers what the guard says, and that the apply stops", () => {
    const dom0 = machine(topology());
    dom0.sh(
      "qvm-create -t whonix-workstation-18 -l red bitcoin-server; qvm-create -t debian-13-xfce -l red sys-bitcoin; qvm-clone fedora-42-xfce qwbtc-ws-bitcoin; echo x >/etc/qubes/policy.d/80-qwbtc.policy; mkdir -p /etc/systemd/system/qubes-core.service.d; echo mine >/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf",
    );
    const found = planned(dom0);
    expect(found.code).toBe(1);
    dom0.install();
    let said = "";
    try {
      dom0.apply();
    } catch (error) {
      said = String(error);
    }
    expect(found.clashes).toHaveLength(5);
    expect(found.changes.filter(({ kind }) => kind === "power-off")).toEqual([]);
    for (const { what } of found.clashes) expect(said).toContain(what);
    // What bears a mark of a cut run is ours, as the guard has it.
    dom0.sh("mkdir -p /var/lib/qwbtc-salt/qwbtc/creating; touch /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-server");
    expect(planned(dom0).clashes.map(({ name }) => name)).not.toContain("bitcoin-server");
  });

  it("keeps the net qube that the user gives a gateway with bridges, and names a net qube that is not there", () => {
    const dom0 = machine(topology({ gateway: "bridges: by-hand" }));
    dom0.install();
    dom0.apply();
    expect(planned(dom0)).toMatchObject({ code: 0, changes: [] });
    dom0.sh("qvm-prefs sys-bitcoin netvm sys-firewall");
    expect(planned(dom0)).toMatchObject({ code: 0, changes: [] });
    const lacking = machine(topology({ head: "external: { sys-fw2: { kind: net } }", gateway: "netvm: sys-fw2" }));
    expect(planned(lacking).obstacles.map(({ what }) => what)).toEqual(["its net qube sys-fw2 does not exist"]);
  });
});
