// SPDX-License-Identifier: GPL-3.0-or-later
/** A template clone is of one stock template: which, is noted on it, and a tree for another does not go on with it in silence. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { topology } from "./compiled.ts";
import { Machine, planned } from "./dom0view/bench.ts";
import { salts, type Salt } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const title = "the stock template of a clone";
const CLONE = "qwbtc-ws-bitcoin";
const NOTE = "qwbtc-stock";

describe.skipIf(refused !== undefined)(refused === undefined ? title : `${title} (skipped: ${refused})`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Salt];
  let dom0: Machine;
  let restore: () => void;
  afterAll(() => dom0.gone());
  beforeAll(() => {
    dom0 = new Machine(topology({ node: "onion: { p2p: static }" }), salt);
    dom0.install();
    dom0.apply();
    restore = dom0.keep();
  }, 120_000);

  it("is noted when the clone is made, and a second apply changes nothing", () => {
    restore();
    expect(dom0.sh(`qvm-features ${CLONE} ${NOTE}`)).toMatchObject({ code: 0, out: "whonix-workstation-18\n" });
    const gateway = dom0.names.find((name) => name.startsWith("qwbtc-gw"));
    expect(dom0.sh(`qvm-features ${gateway} ${NOTE}`).out).toBe("whonix-gateway-18\n");
    const before = dom0.snapshot()["world"];
    expect(dom0.apply()).not.toContain("Changes: ---");
    expect(dom0.snapshot()["world"]).toBe(before);
    expect(planned(dom0)).toMatchObject({ code: 0, changes: [], clashes: [] });
  });

  it("is noted on a clone of an earlier tree, which had no such note; plan says so before", () => {
    restore();
    dom0.sh(`qvm-features --unset ${CLONE} ${NOTE}`);
    const found = planned(dom0);
    expect(found).toMatchObject({ code: 1, clashes: [] });
    expect(found.changes.map(({ machine, what, old, new: wanted }) => [machine, what, old, wanted])).toEqual([
      [CLONE, NOTE, "not set", "whonix-workstation-18"],
    ]);
    dom0.apply();
    expect(planned(dom0)).toMatchObject({ code: 0, changes: [] });
  });

  // Also while it is being made: a run that was cut off, and then a tree for another release.
  const CUT = `qvm-tags ${CLONE} del qwbtc; mkdir -p /var/lib/qwbtc-salt/qwbtc/creating; touch /var/lib/qwbtc-salt/qwbtc/creating/${CLONE}`;
  it.each([
    ["made", "true"],
    ["cut off", CUT],
  ])("of another release stops an apply before it writes anything, and plan says why: %s", (_how, cut) => {
    restore();
    expect(dom0.sh(`${cut}; qvm-features ${CLONE} ${NOTE} whonix-workstation-17`).code).toBe(0);
    const before = dom0.snapshot();
    const found = planned(dom0);
    expect(found).toMatchObject({ code: 1, changes: [] });
    expect(found.clashes.map(({ name, certain }) => [name, certain])).toEqual([[CLONE, true]]);
    const [clash] = found.clashes;
    let said = "";
    try {
      dom0.apply();
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(clash?.what);
    expect(said).toContain("qwbtc-guard-stock-qwbtc-ws-bitcoin");
    expect(dom0.snapshot()).toEqual(before);
  });

  it("goes as the message says: a new clone is made, and the qubes on it stay", () => {
    restore();
    dom0.sh(`qvm-features ${CLONE} ${NOTE} whonix-workstation-17; qvm-start bitcoin-server`);
    const what = planned(dom0).clashes[0]?.what ?? "";
    expect(what).toContain("shut down bitcoin-server");
    const commands = /then in dom0: (.*?), and apply again/.exec(what)?.[1] ?? "";
    expect(dom0.sh("qvm-shutdown --wait bitcoin-server").code).toBe(0);
    const ran = dom0.sh(commands.replace("qvm-remove", "qvm-remove --force"));
    expect(ran, commands).toMatchObject({ code: 0, err: "" });
    expect(planned(dom0).changes.map(({ machine, what: part }) => `${machine} ${part}`)).toEqual([
      `${CLONE} template clone`,
      "bitcoin-server template",
    ]);
    dom0.apply();
    expect(planned(dom0)).toMatchObject({ code: 0, changes: [], clashes: [] });
    expect(dom0.world().qubes["bitcoin-server"]?.volumes["private"]).toMatchObject({ size: 1000 * 2 ** 30 });
  });

  it("or is noted by hand, where the clone itself was upgraded", () => {
    restore();
    dom0.sh(`qvm-features ${CLONE} ${NOTE} whonix-workstation-17`);
    const [command = ""] = /qvm-features qwbtc.*$/.exec(planned(dom0).clashes[0]?.what ?? "") ?? [];
    expect(dom0.sh(command).code).toBe(0);
    expect(planned(dom0)).toMatchObject({ code: 0, changes: [], clashes: [] });
  });
});
