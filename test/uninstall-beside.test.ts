// SPDX-License-Identifier: GPL-3.0-or-later
/** What install.sh and rotate-secrets leave beside the stored versions, and what uninstall.sh makes of it. */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import { compiled, topology } from "./compiled.ts";
import { applied, removeMachines, type Machine } from "./leave/machine.ts";
import { below, named } from "./leave/said.ts";
import { salts, type Salt } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const title = "uninstall.sh, what lies beside the versions";
afterAll(removeMachines);

const STORE = "/var/lib/qwbtc-salt/qwbtc";
const GO = "Would go, of formula qwbtc:";

describe.skipIf(refused !== undefined)(refused === undefined ? title : `${title} (skipped: ${refused})`, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Salt];
  let first: Machine;
  let count = 0;
  beforeAll(() => void (first = applied("beside", topology(), salt).machine), 120_000);
  const fresh = () => first.copy(`beside${++count}`);
  const inStore = (machine: Machine) => machine.files().filter((file) => file.startsWith(STORE));

  it("the link to go back by is ours; what was typed in is a secret, and goes only when somebody says so", () => {
    const machine = fresh();
    publish(compiled(topology({ node: "settings: { dbcache: 1234 }" })).tree, machine.host("tmp/other"));
    expect(machine.run("cd /tmp/other && ./install.sh").status).toBe(0);
    // As a run that was cut off leaves it, and as rotate-secrets keeps a line for each thing that somebody typed in.
    const typedIn = `${STORE}/kept/rpc.remote-server`;
    const left = machine.run(
      `cd ${STORE} && ln -s "$(readlink previous)" .previous.new && mkdir -p -m 0700 kept && echo secret >${typedIn}`,
    );
    expect(left).toMatchObject({ status: 0, err: "" });
    const uninstall = "/tmp/other/uninstall.sh";
    const listed = machine.run(`${uninstall} --list`);
    const beside = [`${STORE}/previous`, `${STORE}/.previous.new`];
    expect(named(below(listed.out, GO))).toEqual(expect.arrayContaining(beside));
    const stays = below(listed.out, "Would stay:").find((line) => line.startsWith(`${STORE}/kept: `));
    expect(stays).toContain("secrets that you typed in");
    const half = machine.run(uninstall);
    expect(half.status, half.out + half.err).toBe(0);
    expect(half.out).not.toContain("edited by somebody");
    expect(inStore(machine)).toEqual([typedIn]);

    // With the pillar gone already.
    machine.run("rm -r /srv/pillar/base/qwbtc");
    expect(machine.run(`${uninstall} --secrets`).status).toBe(2);
    expect(machine.asked(`${uninstall} --secrets`, "no").status).toBe(1);
    expect(machine.files()).toContain(typedIn);
    expect(named(below(machine.run(`${uninstall} --list --secrets`).out, GO))).toEqual([`${STORE}/kept`]);
    const ran = machine.asked(`${uninstall} --secrets`, "qwbtc");
    expect(ran.status, ran.out).toBe(0);
    expect(ran.out).toContain("typed in");
    expect(readdirSync(machine.host("var/lib"))).toEqual([]);
  });

  it("what only bears such a name stays", () => {
    const machine = fresh();
    machine.run(`ln -s /root ${STORE}/previous; ln -s /root ${STORE}/kept; echo mine >/root/mine`);
    const ran = machine.asked("./uninstall.sh --secrets", "qwbtc");
    expect(ran.status, ran.out).toBe(0);
    expect(inStore(machine)).toEqual([`${STORE}/kept`, `${STORE}/previous`]);
    expect(machine.run("cat /root/mine").out).toBe("mine\n");
  });
});
