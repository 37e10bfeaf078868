// SPDX-License-Identifier: GPL-3.0-or-later
/** Every example on every chain: built, or refused because a program of it has no such chain; each example and each chain applied. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import { CHAINS, type ChainName } from "../src/roles/bitcoind/chains.ts";
import { chained, inTurn, NO_SUCH_CHAIN, onEveryChain } from "./chains.ts";
import { compiled, examples } from "./compiled.ts";
import { applyTwice } from "./dom0/dom0.ts";
import { writePillar } from "./pillar.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts } from "./salts/salts.ts";
import { callsOf, dialledBy, listeningOf } from "./wiring.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "chains-"));
afterAll(() => rmSync(scratch, { recursive: true }));

it("an example is refused on a chain only because a program of it has no such chain", () => {
  const refused = chained.filter(({ errors }) => errors.length > 0);
  for (const { name, chain, errors } of refused) {
    expect(chain, name).toBe("testnet4");
    for (const code of errors) expect(NO_SUCH_CHAIN, name).toContain(code);
  }
  // JoinMarket knows no testnet4, whichever example has it.
  expect(refused.map(({ name }) => name)).toEqual(["remote-servers", "seed", "seed-2022"]);
});

describe.each(onEveryChain)("the example %s", (name, text) => {
  const { tree, model } = compiled(text);
  const chain = name.split(" ").at(-1) as ChainName;

  it("has its ports, sections and folders wherever the chain counts", () => {
    for (const { client, server, port, local } of model.links) {
      expect(callsOf(tree, client.name).map((one) => one.local)).toContain(local);
      expect(listeningOf(tree, server.name)).toContain(port);
    }
    for (const { name: qube } of model.qubes) {
      const open = callsOf(tree, qube).map((one) => one.local);
      for (const port of dialledBy(tree, qube)) expect(open, qube).toContain(port);
    }
    for (const [file, { text: conf }] of tree) {
      if (!file.endsWith("/bitcoin.conf")) continue;
      expect(conf).toContain(`\nchain=${CHAINS[chain].section}\n`);
      expect(conf.match(/^\[.*\]$/gm)).toEqual([`[${CHAINS[chain].section}]`]);
    }
    // No port of another chain is left anywhere.
    const others = Object.entries(CHAINS).flatMap(([other, { ports }]) =>
      other === chain ? [] : Object.values(ports),
    );
    const policy = [...tree].find(([file]) => /\/80-[a-z-]+\.policy$/.test(file))?.[1].text ?? "";
    for (const port of others) expect(policy).not.toContain(`+${port} `);
  });
});

const refusal = whyNoSandbox();
const title = refusal === undefined ? "under the newest Salt" : `under the newest Salt (skipped: ${refusal})`;

describe.skipIf(refusal !== undefined)(title, async () => {
  const salt = refusal === undefined ? (await salts()).at(-1) : undefined;

  it("no chain and no example is left out", () => {
    const apart = inTurn.map(([name]) => name.split(" on "));
    expect(new Set(apart.map(([example]) => example)).size).toBe(examples.length);
    expect(new Set(apart.map(([, chain]) => chain)).size).toBe(Object.keys(CHAINS).length - 1);
  });

  it.each(inTurn)("%s renders with no finding and applies twice with no second change", async (name, text) => {
    if (!salt) return;
    const { tree, model } = compiled(text);
    const folder = path.join(scratch, name.replaceAll(" ", "-"));
    publish(tree, folder);
    writePillar(model, `${folder}-pillar`);
    const { findings, minions, runs } = await applyTwice(folder, {
      formula: model.formula,
      salt,
      release: model.platform.qubes,
      pillar: `${folder}-pillar`,
    });
    expect(findings).toEqual([]);
    for (const [minion, { errors }] of Object.entries(minions)) expect(errors, minion).toEqual([]);
    expect(runs[0]).toMatchObject({ exit: 0, failed: [], errors: [] });
    expect(runs[1]).toMatchObject({ exit: 0, failed: [], errors: [], changed: [], written: [], removed: [] });
  });
});
