// SPDX-License-Identifier: GPL-3.0-or-later
/** The pillar that rotate-secrets makes, read by the real Salt: each qube is given its own part and nothing else, it lands, and no secret shows
 * in the tree, in what the dom0 scripts say, in what Salt says and logs, on a command line or anywhere else on the disk. */
import { execFile } from "node:child_process";
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { publish } from "../src/io/publish.ts";
import type { Manifest } from "../src/render/manifest.ts";
import { compiled, exampleText, type Compiled } from "./compiled.ts";
import { applyTwice } from "./dom0/dom0.ts";
import { machine } from "./install/bench.ts";
import { KEPT, PILLAR, pillarOf, secretsOf, type Parts } from "./install/pillar.ts";
import { withQube } from "./qube/qube.ts";
import { whyNoSandbox } from "./sandbox.ts";
import { salts, type Salt } from "./salts/salts.ts";

const refused = whyNoSandbox();
const base = mkdtempSync(path.join(tmpdir(), "silence-"));
afterAll(() => rmSync(base, { recursive: true }));

/** Every call that starts another program is refused: so none can show a secret in its arguments or environment. */
const ALONE = `import runpy, sys
def alone(event, _): assert event not in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.putenv"), event
sys.addaudithook(alone)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")`;

/** Files below a folder that hold any of some texts. */
function holders(folder: string, texts: readonly string[], but: readonly string[] = []): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = path.join(folder, name);
    if (!lstatSync(file).isFile() || but.some((one) => file.startsWith(one))) return false;
    const text = readFileSync(file, "latin1");
    return texts.some((one) => text.includes(one));
  });
}

/** A dom0 in which a tree was installed, at a terminal, and its secrets rotated: its pillar, and all secrets that it ever had. */
async function dom0With(system: Compiled, name: string) {
  const dom0 = machine();
  publish(system.tree, dom0.host("/tmp/tree"));
  const asks = (JSON.parse(system.tree.get("MANIFEST.json")?.text ?? "") as Manifest).secrets;
  const told = Object.values(asks)
    .flat()
    .filter(({ kind, server }) => kind === "onion_auth" || (kind === "rpc" && !asks[server]?.length));
  const first = await dom0.type(
    "/tmp/tree/install.sh",
    told.map(() => ["> ", "\n"] as const),
  );
  expect(first.code, first.shown).toBe(0);
  const before = pillarOf(dom0);
  const local = Object.values(asks)
    .flat()
    .some(({ kind }) => kind === "rpcauth");
  const rotated = await dom0.run('python3 -I -c "$1" /tmp/tree/rotate-secrets --yes', ALONE);
  expect(rotated.code, rotated.err).toBe(local ? 0 : 2);
  const others = await dom0.run(
    "for verb in elsewhere missing; do /tmp/tree/rotate-secrets --$verb; done; /tmp/tree/install.sh",
  );
  expect(others).toMatchObject({ code: 0, err: "" });
  const parts = pillarOf(dom0);
  expect(Object.keys(parts).toSorted()).toEqual(Object.keys(asks).toSorted());
  const pillar = path.join(base, name);
  cpSync(dom0.host(PILLAR), pillar, { recursive: true });
  const said = first.shown + rotated.out + rotated.err + others.out + others.err;
  return { dom0, parts, pillar, said, secrets: [...secretsOf(before), ...secretsOf(parts)] };
}

/** Salt in dom0, once for all: what it gives each qube of the pillar. */
const GIVEN = `import json, sys, salt.config, salt.pillar
opts = salt.config.minion_config("/etc/salt/minion")
given = {}
for name in sys.argv[1:]:
    given[name] = salt.pillar.get_pillar({**opts, "id": name}, {"id": name}, name, "base").compile_pillar()
print(json.dumps(given))`;

async function given(
  state: string,
  salt: Salt,
  qubes: readonly string[],
): Promise<Record<string, Record<string, unknown>>> {
  const call = [path.join(import.meta.dirname, "sandbox.sh"), state, salt.python, "-c", GIVEN, ...qubes];
  const { stdout } = await promisify(execFile)("sh", call);
  return JSON.parse(stdout) as Record<string, Record<string, unknown>>;
}

const nested = (own: Parts[string] = {}) => {
  const kinds: Record<string, Record<string, string>> = {};
  for (const [name, text] of Object.entries(own)) {
    const [kind = "", key = ""] = name.split(":");
    kinds[kind] = { ...kinds[kind], [key]: text };
  }
  return kinds;
};

// Names at which Salt might stumble: those of its own files, capitals, dashes and underscores.
const odd = exampleText("seed")
  .replaceAll("electrum-server", "init")
  .replaceAll("bitcoin-server", "Node_2-x")
  .replaceAll("joinmarket-client", "top");

describe.skipIf(refused !== undefined)(
  refused === undefined ? "a made pillar" : `a made pillar (skipped: ${refused})`,
  { concurrent: true },
  async () => {
    const [first, last = first] = (refused === undefined ? await salts() : []) as [Salt, Salt?];
    const cases = [
      ["seed", exampleText("seed"), first],
      ["seed, names that Salt has, too", odd, last],
      ["exposed", exampleText("exposed"), last],
      ["remote-servers", exampleText("remote-servers"), last],
    ] as const;

    it.each(cases)("%s", { timeout: 600_000 }, async (name, text, salt) => {
      const system = compiled(text);
      const { dom0, parts, pillar, said, secrets } = await dom0With(system, name);
      expect(secrets.length).toBeGreaterThan(0);
      const silent = (where: string, words: string) => {
        for (const secret of secrets) expect(words.includes(secret), where).toBe(false);
      };
      silent("the dom0 scripts", said);
      for (const [file, content] of system.tree) silent(file, content.text);
      expect(holders(dom0.state, secrets, [dom0.host(PILLAR), dom0.host(KEPT)])).toEqual([]);

      const state = path.join(base, `${name}-dom0`);
      const applied = await applyTwice(dom0.host("/tmp/tree"), { formula: "qwbtc", salt, pillar, state, runs: 1 });
      expect(applied.runs[0]?.failed).toEqual([]);
      expect(applied.findings).toEqual([]);
      silent("an apply in dom0", JSON.stringify(applied));
      const theirs = [path.join(state, "tmp/tree/srv/pillar"), path.join(state, "srv/pillar/base")];
      expect(holders(state, secrets, theirs)).toEqual([]);
      const names = ["dom0", ...system.model.qubes.map((one) => one.name)];
      for (const [qube, items] of Object.entries(await given(state, salt, names))) {
        expect(items["_errors"]).toBeUndefined();
        expect(items["qwbtc"] ?? {}, qube).toEqual(nested(parts[qube]));
      }
      if (text === odd) return;

      for (const [qube, own] of Object.entries(parts)) {
        await withQube(
          system,
          qube,
          salt,
          async (machine) => {
            for (const changed of [true, false]) {
              const states = await machine.apply();
              expect(
                states.filter(({ result }) => !result),
                qube,
              ).toEqual([]);
              expect(states.some((one) => one.changed)).toBe(changed);
            }
            const landed = (JSON.parse(system.tree.get("MANIFEST.json")?.text ?? "") as Manifest).secrets[qube] ?? [];
            for (const one of landed)
              expect(machine.read(one.path)).toMatchObject({ text: own[one.pillar.slice(6)], mode: "600" });
            silent(`an apply in ${qube}`, machine.said());
          },
          { pillar },
        );
      }
    });
  },
);
