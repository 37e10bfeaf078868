// SPDX-License-Identifier: GPL-3.0-or-later
/** The dom0 command `doctor` in the stand-in dom0: a good machine gives nothing, and each thing that is wrong is found alone. */
import { chmodSync, cpSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples, exampleText, project, topology } from "./compiled.ts";
import { Machine } from "./dom0view/bench.ts";
import { illnesses } from "./dom0view/illnesses.ts";
import { illnessesOfFiles } from "./dom0view/illnesses-of-files.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts, type Salt } from "./salts/salts.ts";

interface Finding {
  readonly level: "ok" | "warn" | "bad";
  readonly check: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

const refused = whyNoSandbox();
const machines: Machine[] = [];
afterAll(() => machines.forEach((one) => one.gone()));

/** A machine as the installer leaves it, with the stock policy and templates that have told dom0 what they offer. */
function machine(text: string, salt: Salt): Machine {
  const dom0 = new Machine(text, salt);
  machines.push(dom0);
  chmodSync(dom0.state, 0o755);
  const stock = path.join(project, "test/policy/stock");
  mkdirSync(dom0.host("/etc/qubes/policy.d"), { recursive: true });
  for (const file of readdirSync(stock)) cpSync(path.join(stock, file), dom0.host(`/etc/qubes/policy.d/${file}`));
  dom0.change(({ qubes }) => {
    for (const { klass, features } of Object.values(qubes))
      if (klass === "TemplateVM")
        Object.assign(features, { "supported-rpc.qubes.VMShell": "1", "supported-rpc.qubes.SaltLinuxVM": "1" });
  });
  return dom0;
}

function findings(dom0: Machine): { code: number | null; found: Finding[] } {
  const world = JSON.stringify(dom0.world());
  const { code, out, err } = dom0.sh("./doctor --format json");
  expect(err).toBe("");
  expect(dom0.findings()).toBe("");
  expect(JSON.stringify(dom0.world())).toBe(world);
  return { code, found: (JSON.parse(out) as { findings: Finding[] }).findings };
}

const ill = ({ level }: Finding) => level !== "ok";

describe.skipIf(refused !== undefined)(refused === undefined ? "doctor" : `doctor (skipped: ${refused})`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Salt];

  it.each(examples)("finds nothing on a machine that is fit for %s, and writes nothing", (name) => {
    const dom0 = machine(exampleText(name), salt);
    const before = dom0.snapshot();
    const { code, found } = findings(dom0);
    expect(found.filter(ill)).toEqual([]);
    expect(code).toBe(0);
    expect(dom0.snapshot()).toEqual(before);
  });

  it("finds a stranger whose name differs from one of ours only after its 21st character", () => {
    const dom0 = machine(topology().replace("bitcoin-server", "bitcoin-server-in-the-attic"), salt);
    dom0.sh("qvm-create -t debian-13-xfce -l red bitcoin-server-in-the-cellar");
    expect(findings(dom0).found.filter(ill)).toMatchObject([
      { level: "warn", what: expect.stringContaining("begin with the same 21 characters") },
    ]);
  });

  it("takes the net qube that a user gave a gateway with bridges for what it is", () => {
    const dom0 = machine(topology({ gateway: "bridges: by-hand" }), salt);
    dom0.install();
    dom0.apply();
    expect(findings(dom0).found.filter(ill)).toEqual([]);
    dom0.sh("qvm-prefs sys-bitcoin netvm sys-whonix");
    expect(findings(dom0).found.filter(ill)).toMatchObject([{ level: "bad", check: "tor over tor" }]);
  });

  describe("on the seed's machine", () => {
    let dom0: Machine;
    let restore: () => void;
    beforeAll(() => {
      dom0 = machine(exampleText("seed"), salt);
      restore = dom0.keep();
    });

    it.each([...illnesses, ...illnessesOfFiles])("finds $name", ({ make, level, says }) => {
      restore();
      dom0.sh("rm -rf /run/qubes");
      if (typeof make !== "string") dom0.change(make);
      const { code, out, err } =
        typeof make === "string" ? dom0.sh(`${make}; exec ./doctor --format json`) : dom0.sh("./doctor --format json");
      const found = (JSON.parse(out) as { findings: Finding[] }).findings.filter(ill);
      expect(
        found.filter((one) => says.test(one.what)).map((one) => one.level),
        err,
      ).toContain(level);
      expect(found.filter((one) => !says.test(one.what))).toEqual([]);
      for (const one of found) expect([one.why, one.fix]).not.toContain("");
      expect(code).toBe(found.some((one) => one.level === "bad") ? 1 : 0);
    });

    it("reads well in a terminal of 80 columns, as the ordinary user too", () => {
      restore();
      dom0.sh("qvm-create -t debian-13-xfce -l red electrum-client; chmod 0750 /srv");
      for (const ran of [dom0.sh("./doctor"), dom0.asUser("./doctor")]) {
        expect(ran.err).toBe("");
        expect(ran.out.split("\n").filter((line) => line.length > 80)).toEqual([]);
        expect(ran.out).toMatch(/^(bad|warn) {2} ?electrum-client exists/m);
        expect(ran.out).toMatch(/^ {6}why: .*\n(?: {11}.*\n)* {6}fix: /m);
      }
      expect(dom0.asUser("./doctor").out).toContain("With sudo more can be seen.");
      expect(dom0.sh("DOM0_STANDIN_QUBESD=down ./doctor")).toMatchObject({ code: 2, out: "" });
      expect(dom0.sh("./doctor --all").code).toBe(2);
      expect(dom0.sh("./doctor --help")).toMatchObject({ code: 0 });
    });

    it("after install.sh looks for the tops, and that each secret has its part of the pillar", () => {
      restore();
      dom0.install();
      const say = () =>
        findings(dom0)
          .found.filter(ill)
          .map(({ what }) => what);
      expect(say()).toEqual([]);
      dom0.sh("rm /srv/pillar/_tops/base/qwbtc.top");
      expect(say()).toEqual(["the pillar's top of qwbtc is not enabled"]);
      dom0.sh("mv /srv/pillar/base/qwbtc/init.top /srv/pillar/base/qwbtc/electrum-server.sls /tmp");
      expect(say()).toEqual([
        "dom0's pillar has nothing for electrum-server",
        "/srv/pillar/base/qwbtc/init.top is not there",
      ]);
      dom0.sh("mv /tmp/init.top /tmp/electrum-server.sls /srv/pillar/base/qwbtc");
      dom0.sh("ln -s /srv/pillar/base/qwbtc/init.top /srv/pillar/_tops/base/qwbtc.top");
      expect(say()).toEqual([]);
      dom0.sh("chmod 0755 /srv/pillar/base/qwbtc; chmod 0644 /srv/pillar/base/qwbtc/electrum-server.sls");
      expect(say()).toEqual([
        "/srv/pillar/base/qwbtc, /srv/pillar/base/qwbtc/electrum-server.sls can be read by others than root",
      ]);
      dom0.sh("chmod -R go= /srv/pillar/base/qwbtc; qubesctl top.disable qwbtc");
      expect(say()).toEqual(["the top of qwbtc is not enabled"]);
    });
  });
});
