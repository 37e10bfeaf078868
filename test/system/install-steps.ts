// SPDX-License-Identifier: GPL-3.0-or-later
/** From a bundle in some qube to a system that runs, by the words of its runbook. */
import { expect, it } from "vitest";
import type { Context } from "./context.ts";

/** Registers these steps; each rests on those before. */
export function installSteps(context: Context): void {
  const { whole, gateways } = context;
  const { server, node } = whole;

  it("is brought into dom0, checked and unpacked by the runbook, and the doctor finds nothing bad", async () => {
    expect(await context.system.bringIn()).toContain("qwbtc.tar: OK");
    await context.system.inDom0(context.system.block("sudo ./doctor"));
  });

  it("is installed, with its secrets, and says what it would do without doing it", async () => {
    expect(await context.system.inDom0(context.system.block("sudo ./install.sh"))).toContain("In force");
    const preview = context.system.block("state.highstate test=True");
    // 1: something would change.
    expect((await context.system.machine.dom0(`cd qwbtc-1/qwbtc && ${preview.split("\n")[0]}`)).status).toBe(1);
    expect(await context.system.inDom0(preview.split("\n").slice(1).join("\n"))).toMatch(/^Failed: 0$/m);
    expect(context.system.running()).toEqual([]);
  });

  it("is applied: templates, then qubes, and each is shut down again but for the gateways in use", async () => {
    const done = await context.system.applies(async () => {
      await context.system.inDom0(context.system.block("--templates"));
      await context.system.inDom0(context.system.block("--all --show-output state.apply"));
    });
    expect(done.filter(({ failed }) => failed).map(({ qube, text }) => `${qube}: ${text}`)).toEqual([]);
    expect(new Set(done.map(({ qube }) => qube))).toEqual(new Set(context.system.machine.names()));
    expect(context.system.running()).toEqual(gateways);
    // 0: nothing would change any more.
    await context.system.inDom0("sudo ./plan");
  });

  it("is applied again, and nothing changes in dom0, templates and qubes", async () => {
    const before = context.system.still();
    const done = await context.system.applies(() =>
      context.system.inDom0(context.system.block("--all --show-output state.apply")),
    );
    expect(done.filter(({ changed, failed }) => failed || changed.length > 0)).toEqual([]);
    expect(done.length).toBe(context.system.machine.names().length);
    expect(context.system.still()).toEqual(before);
  });

  it("is given its programs, which its units then start", async () => {
    for (const program of whole.programs) {
      await context.system.inDom0(`qvm-start --skip-if-running ${program.qube}`);
      await context.system.bring(program);
    }
    // What is in a qube belongs to a number, which a template that is made anew must have again.
    const { stdout } = await context.system.machine.hypervisor.run(node, "stat -c '%U %u %g' /home/bitcoin");
    expect(stdout).toBe("bitcoin 861 861\n");
  });

  it("comes up by ./start after a night, each qube after what it needs", async () => {
    for (const name of new Set([server, node, ...Object.keys(whole.behind)]))
      await context.system.inDom0(`qvm-shutdown --wait ${name}`);
    await context.system.inDom0(context.system.block("./start"));
    for (const name of whole.offline) await context.system.inDom0(`./start ${name}`);
    for (const name of [...whole.offline, node, ...gateways]) expect(context.system.running()).toContain(name);
    await context.system.allWell();
  });
}
