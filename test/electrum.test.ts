// SPDX-License-Identifier: GPL-3.0-or-later
/** Electrum by version and chain: its file read back by Debian's Electrum, and the command that starts it. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import launcher from "../formulas/electrum-wallet/electrum.sh";
import mergeTool from "../formulas/every-qube/merge-json.py";
import { compiled } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "electrum-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const system = (chain: string, wallet = "", whonix = 17, qubes = "4.2") => `formula: qwbtc
platform: { qubes: "${qubes}", whonix: ${whonix} }
qubes:
  sys-bitcoin: { role: whonix-gateway }
  bitcoin-server: { role: bitcoind, netvm: sys-bitcoin, chain: ${chain} }
  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }
  electrum-client: { role: electrum-wallet, server: electrum-server${wallet} }
`;
const fileOf = (text: string, end: string) =>
  [...compiled(text).tree].find(([one]) => one.endsWith(end))?.[1].text ?? "";
const wanted = (text: string) =>
  (JSON.parse(fileOf(text, "/config.json")) as { always: Record<string, unknown> }).always;

const CHAINS = [
  ["main", "", []],
  ["test", "testnet", ["--testnet"]],
  ["signet", "signet", ["--signet"]],
  ["regtest", "regtest", ["--regtest"]],
] as const;

describe.skipIf(!has("electrum"))(judged("Debian's Electrum, chain by chain", "electrum"), () => {
  it.each(CHAINS)("%s: finds the file where the states put it, and in it the one server", (chain, word, flag) => {
    const text = system(chain);
    const home = path.join(scratch, `home-${chain}`);
    const folder = path.join(home, word);
    mkdirSync(folder, { recursive: true });
    const tool = path.join(scratch, "merge-json");
    writeFileSync(tool, mergeTool, { mode: 0o755 });
    landed(compiled(text).tree, "electrum-client", (root) => {
      const keys = path.join(root, "usr/local/lib/qwbtc-salt/electrum/config.json");
      expect(run(tool, [keys, path.join(folder, "config")]).status).toBe(0);
    });
    const state = fileOf(text, "/qube/electrum-client.sls");
    expect(state).toContain(path.join("/home/user/.electrum", word, "config"));
    expect(state).toContain(path.join("/home/user/.electrum", word, "wallets"));
    const get = (key: string) => run("electrum", [...flag, "--offline", "-D", home, "getconfig", key]).output.trim();
    expect(get("server")).toBe("127.0.0.1:50001:t");
    mkdirSync(path.join(folder, "wallets"), { recursive: true });
    const made = run("electrum", [...flag, "--offline", "-D", home, "create"]);
    expect(made.status, made.output).toBe(0);
    expect(readFileSync(path.join(folder, "wallets/default_wallet"), "utf8")).toContain("seed");
  });

  it("reads what a topology chose", () => {
    const home = path.join(scratch, "chosen");
    mkdirSync(home);
    const chosen = { decimal_point: 8, num_zeros: 2, amt_add_thousands_sep: true, confirmed_only: true };
    const keys = wanted(system("main", `, settings: ${JSON.stringify(chosen)}`));
    writeFileSync(path.join(home, "config"), JSON.stringify(keys));
    for (const [key, value] of Object.entries(chosen))
      expect(run("electrum", ["--offline", "-D", home, "getconfig", key]).output.trim()).toBe(String(value));
  });
});

describe("Electrum's keys by version", () => {
  it("each version is told what it knows", () => {
    const newest = wanted(system("main", ', version: "4.8.1"'));
    expect(newest).toMatchObject({ terms_of_use_accepted: 1, enable_proxy: false, config_version: 3, proxy: "none" });
    for (const old of ['"4.5.8"', '"4.3.2"', "debian"]) {
      const keys = Object.keys(wanted(system("main", `, version: ${old}`)));
      expect(keys).not.toContain("terms_of_use_accepted");
      expect(keys).not.toContain("enable_proxy");
    }
    expect(Object.keys(newest)).not.toContain("dont_show_testnet_warning");
    expect(wanted(system("signet"))).toMatchObject({ dont_show_testnet_warning: true });
  });

  it("Debian's package is in the template exactly where a wallet of it wants it", () => {
    const states = (text: string) => fileOf(text, "/template/qwbtc-ws-electrum.sls");
    expect(states(system("main"))).toContain('"electrum"');
    expect(states(system("main", ', version: "4.8.1"'))).not.toContain("python3-pyqt5");
    const both = `${system("main", ', version: "4.8.1"')}  two: { role: electrum-wallet, server: electrum-server }\n`;
    expect(states(both)).toContain("python3-pyqt5");
  });

  it("an AppImage is taken when two have signed it, and nobody is told to run or unpack it", () => {
    const runbook = fileOf(system("main", ', version: "4.8.1"'), "README.md");
    expect(runbook).toMatch(/who signed electrum-4\.8\.1-x86_64\.AppImage: at least 2 of [0-9A-F]{40}, /);
    expect(runbook).not.toMatch(/appimage-extract|chmod \+x/);
    expect(fileOf(system("main"), "README.md")).not.toContain("AppImage");
  });
});

describe("the command electrum", () => {
  const folder = path.join(scratch, "programs");
  mkdirSync(path.join(folder, "current"), { recursive: true });
  const debian = path.join(folder, "debian");
  for (const [file, name] of [
    [path.join(folder, "current/AppRun"), "AppRun"],
    [debian, "debian"],
  ] as const) {
    writeFileSync(file, `#!/bin/sh\necho ${name} "$@"\n`);
    chmodSync(file, 0o755);
  }
  const script = launcher
    .replaceAll("/usr/local/lib/qwbtc-salt/electrum", folder)
    .replaceAll("/usr/bin/electrum", debian);
  const electrum = (text: string, ...words: string[]) => {
    writeFileSync(path.join(folder, "start"), fileOf(text, "/electrum/start"));
    return run("sh", ["-c", script, "electrum", ...words]);
  };

  it.each(CHAINS)("%s: always with its flag", (chain, _word, flag) => {
    const words = [...flag, "payto", "a b"].join(" ");
    expect(electrum(system(chain), "payto", "a b")).toEqual({ status: 0, output: `debian ${words}\n` });
    expect(electrum(system(chain, ', version: "4.8.1"'), "payto", "a b").output).toBe(`AppRun ${words}\n`);
  });

  it("refuses another chain, and says what is missing", () => {
    expect(electrum(system("signet"), "--testnet").output).toContain("knows no other");
    expect(electrum(system("signet"), "--signet").status).toBe(0);
    expect(electrum(system("testnet4", ', version: "4.8.1"')).output).toBe("AppRun --testnet4\n");
    rmSync(path.join(folder, "current"), { recursive: true });
    expect(electrum(system("main", ', version: "4.8.1"')).output).toContain("4.8.1 is not installed yet");
  });
});
