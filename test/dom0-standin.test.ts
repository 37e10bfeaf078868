// SPDX-License-Identifier: GPL-3.0-or-later
/** The stand-in dom0 is judged itself: by every trap it must catch, by harmless twins, and by a tree that is right. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeCase, rules } from "./dom0/cases.ts";
import type { Answer, Case } from "./dom0/cases.ts";
import { applyTwice, inSandbox, inState } from "./dom0/dom0.ts";
import { whyNoSandbox } from "./sandbox.ts";
import type { Applied, Options, World } from "./dom0/dom0.ts";
import { salts } from "./salts/salts.ts";
import type { Salt } from "./salts/salts.ts";

const here = path.join(import.meta.dirname, "dom0");
const folder = path.join(here, "cases");
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "not-here.yaml");
const cases = files.flatMap((name) => load(readFileSync(path.join(folder, name), "utf8")) as Case[]);
const twins = cases.flatMap((one) => (one.twin ? [{ ...one.twin, case: `${one.case}: its harmless twin` }] : []));
const refused = whyNoSandbox();
const runnable = refused === undefined;
const needsRoot = `stand-in dom0 (skipped: ${refused})`;
const minutes = 60_000;
const inDom0 = runnable ? it.concurrent : it.skip;

let judges: Salt[] = [];
/** The Salts are known only once Python was asked, but the tests must have names before: the older one and the newer. */
const editions = ["the older Salt", "the newer Salt"] as const;

beforeAll(async () => {
  if (!runnable) return;
  judges = await salts();
  await Promise.all(editions.map(answerAll));
}, 12 * minutes);

function judge(edition: (typeof editions)[number]): Salt {
  const found = judges[editions.indexOf(edition)];
  if (found === undefined) throw new Error(`no ${edition}`);
  return found;
}

/** Both at once: each is one process, and there is more than one core. */
const answers = new Map<string, Readonly<Record<string, Answer>>>();

async function answerAll(edition: (typeof editions)[number]): Promise<void> {
  await inState(undefined, async (state) => {
    writeFileSync(path.join(state, "tmp/cases.json"), JSON.stringify([...cases, ...twins]));
    const all = await inSandbox(state, judge(edition), "cases.py", ["/tmp/cases.json"]);
    answers.set(edition, (all as { answers: Record<string, Answer> }).answers);
  });
}

describe.each(editions)("stand-in dom0, traps, %s", (edition) => {
  const answer = (name: string): Answer => {
    const found = answers.get(edition)?.[name];
    if (found === undefined) throw new Error(`no answer for ${name}`);
    return found;
  };

  describe.skipIf(!runnable)(runnable ? "cases" : needsRoot, () => {
    it.each(cases.map((one) => [one.case, one.fact, one] as const))("%s (%s)", (name, _fact, one) => {
      judgeCase(answer(name), one);
    });
    it.each(twins.map((twin) => [twin.case]))("%s", (name) => {
      const found = answer(name);
      expect(found.errors).toEqual([]);
      expect(found.findings).toEqual([]);
      expect(found.runs.flat().filter((state) => state.result === false)).toEqual([]);
      expect(
        found.runs.slice(1).flatMap((run) => run.filter((state) => Object.keys(state.changes).length > 0)),
      ).toEqual([]);
    });
  });
});

describe.each(editions)("stand-in dom0, a tree that is right, %s", (edition) => {
  const tree = path.join(here, "fixture-tree");
  const state = runnable ? mkdtempSync(path.join(tmpdir(), "dom0-")) : "";
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  const apply = (options: Partial<Options>): Promise<Applied> =>
    applyTwice(tree, { formula: "garden", salt: judge(edition), state, ...options });

  inDom0(
    runnable ? "renders, applies, changes nothing the second time and nothing later" : needsRoot,
    async () => {
      const done = await apply({});
      expect(done.findings).toEqual([]);
      expect(done.runs.map(({ exit, failed }) => ({ exit, failed }))).toEqual([
        { exit: 0, failed: [] },
        { exit: 0, failed: [] },
      ]);
      expect(done.runs[1]?.changed).toEqual([]);
      expect(done.runs[1]?.after).toEqual(done.runs[0]?.after);
      expect(done.own).toEqual(["garden-server", "garden-vault", "garden-ws", "sys-garden"]);
      expect(done.runs[0]?.written).toEqual([
        "/etc/qubes/policy.d/45-garden.policy",
        "/etc/qubes/policy.d/80-garden.policy",
      ]);
      expect(done.runs[0]?.files["/etc/qubes/policy.d/80-garden.policy"]).toMatchObject({
        mode: "0664",
        owner: "0:98",
      });
      expect(done.runs[0]?.after.qubes["garden-server"]).toMatchObject({
        properties: {
          template: "garden-ws",
          netvm: "sys-garden",
          default_dispvm: null,
          shutdown_timeout: 600,
          memory: 900,
        },
        volumes: { private: { pool: "varlibqubes", size: 64424509440, revisions_to_keep: 0 } },
        features: { "service.garden-shed": "1", "service.cups": "" },
      });
      expect(done.runs[0]?.after.qubes["sys-garden"]?.power_state).toBe("Running");
      expect(done.minions["garden-server"]?.low.map((chunk) => chunk["__id__"])).toEqual(["garden-word"]);

      const later = await apply({ keep: true, runs: 1 });
      expect(later.findings).toEqual([]);
      expect(later.runs[0]?.after).toEqual(done.runs[1]?.after);
      expect(later.runs[0]?.changed).toEqual([]);
    },
    2 * minutes,
  );
});

describe("stand-in dom0, guards", () => {
  const tree = path.join(here, "fixture-tree");
  const apply = (options: Partial<Options>): Promise<Applied> =>
    applyTwice(tree, { formula: "garden", salt: judge(editions[0]), ...options });

  inDom0(
    runnable ? "writes nothing while a qube of one of its names is not its own" : needsRoot,
    async () => {
      const done = await apply({ foreign: ["garden-server=AppVM:debian-13-xfce:work"], runs: 1 });
      const [run] = done.runs;
      expect(run?.exit).toBe(2);
      expect(run?.after).toEqual(run?.before);
      expect(run?.written).toEqual([]);
      expect(run?.states.filter((state) => state.result === false).map((state) => state.id)).toEqual([
        "garden-guard-garden-server",
        "garden-guard",
      ]);
      expect(done.findings).toEqual([]);
    },
    2 * minutes,
  );

  inDom0(
    runnable ? "adopts it once it has the tag" : needsRoot,
    async () => {
      const done = await apply({ foreign: ["garden-server=AppVM:debian-13-xfce:work,garden"] });
      expect(done.runs.map((run) => run.failed)).toEqual([[], []]);
      expect(done.runs[1]?.after).toEqual(done.runs[0]?.after);
      expect(done.runs[0]?.after.qubes["garden-server"]).toMatchObject({
        properties: { template: "garden-ws" },
        tags: ["garden", "work"],
      });
      expect(done.findings).toEqual([]);
    },
    2 * minutes,
  );

  inDom0(
    runnable ? "writes nothing in test mode" : needsRoot,
    async () => {
      const done = await apply({ test: true, runs: 1 });
      const [run] = done.runs;
      expect(run?.failed).toEqual([]);
      expect(run?.after).toEqual(run?.before);
      expect(run?.written).toEqual([]);
      expect(done.findings).toEqual([]);
    },
    2 * minutes,
  );

  inDom0(
    runnable ? "lets a script run in it" : needsRoot,
    async () => {
      await inState(undefined, async (state) => {
        const script = "qvm-create --label red x && qvm-prefs x memory 777 && cat /run/dom0-standin/world.json";
        const world = (await inSandbox(state, judge(editions[0]), "enter.py", [
          "--own",
          "x",
          "sh",
          "-c",
          script,
        ])) as World;
        expect(world.qubes["x"]).toMatchObject({ klass: "AppVM", properties: { label: "red", memory: 777 } });
      });
    },
    minutes,
  );

  inDom0(
    runnable ? "sees a program that dom0 has not, and a foreign qube that is written to" : needsRoot,
    async () => {
      const state = mkdtempSync(path.join(tmpdir(), "dom0-"));
      try {
        const broken = path.join(state, "broken");
        await mkdir(broken, { recursive: true });
        await cp(tree, broken, { recursive: true });
        const guard = path.join(broken, "srv/formulas/base/garden-formula/garden/dom0/guard.sls");
        const text = readFileSync(guard, "utf8").replaceAll("grep -qx garden", "grepp -qx garden");
        const extra = '"garden-wrong":\n  qvm.prefs:\n    - "name": "sys-whonix"\n    - "memory": 400\n';
        writeFileSync(guard, text + extra);
        const wrong = await applyTwice(broken, {
          formula: "garden",
          salt: judge(editions[0]),
          foreign: ["garden-server=AppVM:debian-13-xfce:garden"],
          runs: 1,
        });
        expect(rules(wrong.findings)).toEqual(["foreign-qube-touched", "program-missing"]);
      } finally {
        rmSync(state, { recursive: true, force: true });
      }
    },
    2 * minutes,
  );
});
