// SPDX-License-Identifier: GPL-3.0-or-later
/** The settings of wallets, read back by Debian's Electrum itself, and merged into what it wrote. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import mergeTool from "../formulas/every-qube/merge-json.py";
import { remoteOf } from "../src/model/remote.ts";
import { onEveryChain, withNews } from "./chains.ts";
import { compiled, examples, exampleText } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "wallets-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const tool = path.join(scratch, "merge-json");
writeFileSync(tool, mergeTool, { mode: 0o755 });
let count = 0;
const fresh = () => path.join(scratch, `home-${count++}`);

const systems = withNews(
  [...examples.map((name) => [name, exampleText(name)] as const), ...onEveryChain],
  /\/electrum\/config\.json$/,
).map(([name, text]) => ({ name, ...compiled(text) }));
const wallets = systems.flatMap(({ name, tree, model }) =>
  model.qubes.filter(({ role }) => role.name === "electrum-wallet").map((qube) => ({ name, tree, qube })),
);

/** What the states would put into a wallet's folder. */
function electrumFolder({ tree, qube }: (typeof wallets)[number], before?: string): string {
  const folder = fresh();
  mkdirSync(folder);
  if (before !== undefined) writeFileSync(path.join(folder, "config"), before);
  landed(tree, qube.name, (root) => {
    const wanted = path.join(root, "usr/local/lib/qwbtc-salt/electrum/config.json");
    expect(run(tool, [wanted, path.join(folder, "config")]).status).toBe(0);
    expect(run(tool, ["--check", wanted, path.join(folder, "config")])).toEqual({ status: 0, output: "" });
  });
  return folder;
}

describe.skipIf(!has("electrum"))(judged("Debian's Electrum", "electrum"), () => {
  const electrum = (folder: string, ...words: string[]) => run("electrum", ["--offline", "-D", folder, ...words]);
  const get = (folder: string, key: string) => {
    const { status, output } = electrum(folder, "getconfig", key);
    expect(status, output).toBe(0);
    return output.trim();
  };

  it.each(wallets.map((one) => [`${one.qube.name} of ${one.name}`, one] as const))(
    "%s: server, one server, no choice of its own, and :t or :s is kept",
    (_title, one) => {
      const [link] = one.qube.uses;
      const folder = electrumFolder(one);
      const { tls } = (link && remoteOf(link.server)) ?? {};
      expect(get(folder, "server")).toBe(`127.0.0.1:${link?.local}:${tls ? "s" : "t"}`);
      expect(get(folder, "serverfingerprint")).toBe(tls?.fingerprint ?? "");
      expect(get(folder, "oneserver")).toBe("true");
      expect(get(folder, "auto_connect")).toBe("false");
      expect(get(folder, "check_updates")).toBe("false");
      expect(get(folder, "proxy")).toBe("none");
      // Electrum writes the file itself; then it still is as we want it, and in the same form.
      const before = readFileSync(path.join(folder, "config"), "utf8");
      electrum(folder, "setconfig", "use_exchange_rate", "false");
      expect(readFileSync(path.join(folder, "config"), "utf8")).toBe(before);
    },
  );

  it("makes a wallet in the folder that the states made, and keeps its own settings beside ours", () => {
    const [one] = wallets as [(typeof wallets)[number]];
    const folder = electrumFolder(one);
    mkdirSync(path.join(folder, "wallets"), { mode: 0o700 });
    const made = electrum(folder, "create", "-w", path.join(folder, "wallets/mine"));
    expect(made.status, made.output).toBe(0);
    electrum(folder, "setconfig", "confirmed_only", "true");
    const grown = readFileSync(path.join(folder, "config"), "utf8");
    const again = electrumFolder(one, grown.replace('"oneserver": true', '"oneserver": false'));
    expect(readFileSync(path.join(again, "config"), "utf8")).toBe(grown);
    expect(get(again, "confirmed_only")).toBe("true");
  });

  it("a wallet with two servers of ours keeps the one that its user chose", () => {
    const two = wallets.find((one) => one.qube.uses.length > 1) as (typeof wallets)[number];
    const folder = electrumFolder(two);
    electrum(folder, "setconfig", "server", "127.0.0.1:50011:t");
    const again = electrumFolder(two, readFileSync(path.join(folder, "config"), "utf8"));
    expect(get(again, "server")).toBe("127.0.0.1:50011:t");
    const [one] = wallets as [(typeof wallets)[number]];
    expect(get(electrumFolder(one, '{"config_version": 3, "server": "example.org:50002:s"}'), "server")).toBe(
      "127.0.0.1:50001:t",
    );
  });

  it("what a topology gave up is in force no more, whatever Electrum wrote in between", () => {
    const [one] = wallets as [(typeof wallets)[number]];
    const folder = electrumFolder(one);
    const [wanted, target] = [path.join(folder, "wanted"), path.join(folder, "config")];
    const wants = {
      ...(JSON.parse(readFileSync(target, "utf8")) as object),
      serverfingerprint: "ab",
      decimal_point: 8,
    };
    const apply = (always: object) => {
      writeFileSync(wanted, JSON.stringify({ always, "unless set": {} }));
      expect(run(tool, [wanted, target]).status).toBe(0);
    };
    apply(wants);
    expect(get(folder, "serverfingerprint")).toBe("ab");
    electrum(folder, "setconfig", "confirmed_only", "true");
    const { serverfingerprint: _given, decimal_point: _up, ...rest } = wants;
    apply(rest);
    expect(get(folder, "serverfingerprint")).toBe("");
    expect(get(folder, "decimal_point")).toBe("");
    expect(get(folder, "confirmed_only")).toBe("true");
  });

  it("without our config_version Electrum would turn to TLS: the trap is real, and this test would see it", () => {
    const [one] = wallets as [(typeof wallets)[number]];
    const folder = electrumFolder(one);
    const config = JSON.parse(readFileSync(path.join(folder, "config"), "utf8")) as Record<string, unknown>;
    delete config["config_version"];
    writeFileSync(path.join(folder, "config"), JSON.stringify(config));
    expect(get(folder, "server")).toMatch(/:s$/);
  });
});
