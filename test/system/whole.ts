// SPDX-License-Identifier: GPL-3.0-or-later
/** A whole system, from its tree to a wallet that reads the chain, by the runbook's own commands: the steps, each of which rests on those before. */
import { afterAll, beforeAll, describe } from "vitest";
import { whyNoContainer } from "../container/container.ts";
import { whyNoSandbox } from "../sandbox.ts";
import type { Context } from "./context.ts";
import { installSteps } from "./install-steps.ts";
import { lifeSteps } from "./life-steps.ts";
import { Running, type Whole } from "./running.ts";
import { trafficSteps } from "./traffic-steps.ts";

const why = whyNoContainer() ?? whyNoSandbox();

/** Registers the tests of a whole system. */
export function wholeSystem(whole: Whole): void {
  const gateways = [...new Set(Object.values(whole.behind))].toSorted();

  describe.skipIf(why !== undefined)(`${whole.name}${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
    const began = Date.now();
    const figures = { links: 0, refused: 0, answered: 0, places: 0, control: 0 };
    let system: Running | undefined;
    const context: Context = {
      whole,
      gateways,
      get system() {
        if (system === undefined) throw new Error("there is no machine");
        return system;
      },
      figures,
      secrets: [],
    };

    beforeAll(async () => void (system = await Running.open(whole)));
    afterAll(async () => {
      if (system === undefined) return;
      const { applies, boots } = system.machine.hypervisor;
      const states = applies.reduce((sum, one) => sum + one.states, 0);
      const calls = system.machine.calls();
      console.log(
        [
          `${whole.name}: ${boots} containers booted`,
          `${applies.length} applies with ${states} states in qubes`,
          `${figures.links} calls tried over qrexec, ${figures.refused} refused and ${figures.answered} answered`,
          `${calls.length} calls in all`,
          `${figures.places} places dialled by network`,
          `0 frames out of qubes without network, ${figures.control} as the control`,
          `${Math.round((Date.now() - began) / 1000)} s`,
        ].join("; "),
      );
      await system.machine.close();
    });

    installSteps(context);
    trafficSteps(context);
    lifeSteps(context);
  });
}
