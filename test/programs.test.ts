// SPDX-License-Identifier: GPL-3.0-or-later
/** What the daemons and wallets know, by version and chain: which settings are written, and which calls are allowed. */
import { describe, expect, it } from "vitest";
import { optionsOf } from "../src/software/option.ts";
import { CHAINS } from "../src/roles/bitcoind/chains.ts";
import { roles } from "../src/roles/index.ts";
import { compiled, exampleText } from "./compiled.ts";
import { run } from "./judges.ts";

/** A system of node, server and wallet, with more keys for each. */
const system = ({ node = "", server = "", wallet = "", whonix = 18, qubes = "4.3" } = {}) => `formula: qwbtc
platform: { qubes: "${qubes}", whonix: ${whonix} }
qubes:
  sys-bitcoin: { role: whonix-gateway }
  bitcoin-server: { role: bitcoind, netvm: sys-bitcoin${node} }
  electrum-server: { role: fulcrum, bitcoind: bitcoin-server${server} }
  electrum-client: { role: electrum-wallet, server: electrum-server${wallet} }
`;
const fileOf = (text: string, end: string) =>
  [...compiled(text).tree].find(([path]) => path.endsWith(end))?.[1].text ?? "";
const value = (conf: string, key: string) => new RegExp(`^${key} ?= ?(.*)$`, "m").exec(conf)?.[1];

describe("Fulcrum", () => {
  it("version 1.8.1 is told nothing that it does not know, and may call only what it calls", () => {
    const old = system({ server: ', version: "1.8.1", settings: { fast-sync: 1000 }, vm: { maxmem: 6000 }' });
    const conf = fileOf(old, "/fulcrum.conf");
    expect(value(conf, "anon_logs")).toBeUndefined();
    expect(value(conf, "fast-sync")).toBe("1000");
    const [, calls = ""] = /^rpcwhitelist=electrum-server:(.*)$/m.exec(fileOf(old, "/bitcoin.conf")) ?? [];
    expect(calls.split(",")).toHaveLength(11);
    expect(calls).not.toContain("submitpackage");
  });

  it("memory follows from phase and maxmem", () => {
    const sync = fileOf(system(), "/fulcrum.conf");
    expect(value(sync, "db_mem")).toBe("2000");
    const steady = system({ server: ", phase: steady" });
    expect(value(fileOf(steady, "/fulcrum.conf"), "db_mem")).toBe("500");
    expect(fileOf(steady, "/dom0/qubes.sls")).toContain('"maxmem": 2000');
    const small = system({ server: ", vm: { maxmem: 1200, memory: 400 }, phase: steady" });
    expect(value(fileOf(small, "/fulcrum.conf"), "db_mem")).toBe("300");
  });

  it("its volume is as large as the index of its node's chain", () => {
    const volume = (text: string) =>
      compiled(text).model.qubes.find(({ name }) => name === "electrum-server")?.vm.privateBytes?.value;
    for (const chain of ["main", "signet", "regtest"] as const)
      expect(volume(system({ node: `, chain: ${chain}` }))).toBe(Math.ceil(CHAINS[chain].index * 1.25) * 2 ** 30);
  });

  it("the node answers as many connections as it keeps open, and one more", () => {
    const many = fileOf(system({ server: ", settings: { bitcoind_clients: 9 }" }), "/bitcoin.conf");
    expect(Number(value(many, "rpcthreads"))).toBeGreaterThanOrEqual(10);
  });
});

describe("the guide's own list of versions", () => {
  const text = exampleText("seed-2022");

  it("is one that goes together: no error, and each program is told what its version knows", () => {
    const versions = compiled(text).model.qubes.flatMap(({ version }) => (version === "" ? [] : [version]));
    expect(versions.toSorted()).toEqual(["0.9.8", "0.9.8", "1.8.1", "23.0", "4.3.2"]);
    expect(value(fileOf(text, "/fulcrum.conf"), "fast-sync")).toBe("1000");
    expect(fileOf(text, "/watch-wallets.conf")).toContain("\nkind = legacy\n");
    expect(fileOf(text, "/template/qwbtc-ws-jm-wallet.sls")).toContain("libsecp256k1-0");
    expect(fileOf(text, "/dom0/templates.sls")).toContain("whonix-ws-16");
  });

  it("the clock display's file is read by the bash of 2022 and the TOML of today alike", () => {
    for (const end of [
      "electrum-client/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf",
      "bitcoin-server/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf",
    ]) {
      const file = fileOf(text, end);
      const [line = ""] = file.split("\n").filter((one) => one !== "" && !one.startsWith("#"));
      const bash = run("bash", ["-ec", `${file}\necho "\${disable:-}\${gateway:-}"`]);
      expect(bash).toEqual({ status: 0, output: line.startsWith("disable") ? "true\n" : "sys-bitcoin\n" });
      expect(line).toMatch(/^(?:disable=true|gateway="sys-bitcoin")$/);
    }
  });
});

describe("settings", () => {
  it.each(roles.flatMap(({ name, options }) => (options ? [[name, options] as const] : [])))(
    "of %s: each has a name of its own, a source, and a reason where it is refused or ours",
    (_name, set) => {
      const all = optionsOf(set);
      expect(new Set(all.map((one) => one.name)).size).toBe(all.length);
      for (const one of all) {
        expect(one.source.length, one.name).toBeGreaterThan(5);
        if (one.owner === "never") expect(one.refused, one.name).toBeTruthy();
        if (one.owner === "compiler") expect(one.instead, one.name).toBeTruthy();
      }
    },
  );
});
