// SPDX-License-Identifier: GPL-3.0-or-later
/** Everything that is known to go wrong with the daemons' settings: refused where it is written, written rightly always, or not to be said. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { compile } from "../src/compile.ts";
import { cli, compiled, exampleText, project } from "./compiled.ts";
import { run } from "./judges.ts";
import { needing, real } from "./real/session.ts";

interface Written {
  readonly node?: object;
  readonly others?: object;
}

interface Row {
  readonly row: string;
  readonly refused?: Written & { readonly code: string; readonly times?: number };
  readonly tree?: Written & { readonly holds: string };
  readonly holds?: string;
  readonly says?: string;
  readonly raw?: string;
  readonly cannot?: string;
}

const tables = parse(readFileSync(path.join(project, "test/known/bitcoind.yaml"), "utf8")) as Record<string, Row[]>;
/** How many rows each table of the notes has. */
const ROWS = { "rejected at start": 36, "accepted but wrong": 10, dangerous: 18, compatibility: 7 };

function written({ node = {}, others = {} }: Written): string {
  return stringify({
    formula: "qwbtc",
    platform: { qubes: "4.3", whonix: 18 },
    qubes: {
      "sys-bitcoin": { role: "whonix-gateway" },
      "bitcoin-server": { role: "bitcoind", netvm: "sys-bitcoin", ...node },
      daemon: { role: "joinmarketd", netvm: "sys-bitcoin" },
      ...others,
    },
  });
}

const confOf = (tree: ReadonlyMap<string, { text: string }>) =>
  [...tree].find(([file]) => file.endsWith("/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf"))?.[1].text ?? "";
const seed = confOf(compiled(exampleText("seed")).tree);

const explained = new Map<string, string>();
function explain(code: string): string {
  const known = explained.get(code);
  if (known !== undefined) return known;
  const { stdout } = spawnSync(process.execPath, [cli, "explain", code], { encoding: "utf8" });
  explained.set(code, stdout);
  return stdout;
}

describe.each(Object.entries(ROWS))("%s", (name, count) => {
  const rows = tables[name] ?? [];
  it(`all ${count} rows are here`, () => expect(rows).toHaveLength(count));

  it.each(rows.map((one) => [one.row, one] as const))("%s", (_row, { refused, tree, holds, says, cannot }) => {
    expect([refused ?? tree ?? holds, cannot].filter((one) => one !== undefined)).toHaveLength(1);
    if (cannot !== undefined) expect(cannot.length).toBeGreaterThan(20);
    if (holds !== undefined) expect(seed).toMatch(new RegExp(holds));
    if (tree) expect(confOf(compiled(written(tree)).tree)).toMatch(new RegExp(tree.holds));
    if (refused) {
      const { value, diagnostics } = compile({ name: "t", text: written(refused) });
      expect(value === undefined).toBe(true);
      const found = diagnostics.filter((one) => one.code === refused.code);
      expect(found.length, JSON.stringify(diagnostics)).toBeGreaterThanOrEqual(refused.times ?? 1);
      for (const { severity, span } of found) {
        expect(severity).toBe("error");
        expect(span?.line).toBeGreaterThan(5);
      }
    }
    if (says !== undefined) expect(explain(refused?.code ?? "QB517")).toContain(says);
  });
});

const spoken = (tables["rejected at start"] ?? []).filter(({ raw, says }) => raw !== undefined && says !== undefined);
it.skipIf(!real.bitcoind).each(spoken.map((one) => [one.row, one] as const))(
  needing("the real bitcoind, told %s, does not start, and says what is quoted", "QWBTC_BITCOIND"),
  (_row, { raw = "", says = "" }) => {
    const folder = mkdtempSync(path.join(tmpdir(), "raw-"));
    try {
      const chain = raw.includes("-chain=") ? [] : ["-regtest"];
      const command = [real.bitcoind ?? "", `-datadir=${folder}`, "-printtoconsole", ...chain, ...raw.split(" ")];
      const script = 'ip link set lo up && exec timeout 30 "$@"';
      const { status, output } = run("unshare", ["-n", "sh", "-c", script, "sh", ...command], { timeout: 40_000 });
      expect(output).toContain(says);
      expect(status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
