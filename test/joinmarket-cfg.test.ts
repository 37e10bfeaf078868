// SPDX-License-Identifier: GPL-3.0-or-later
/** joinmarket.cfg of every version, read as JoinMarket reads it: Python's configparser over the defaults of that version. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { nearest } from "../src/kernel/suggest.ts";
import { roles } from "../src/roles/index.ts";
import { optionsOf, type OptionSet } from "../src/software/option.ts";
import { compiled, exampleText, findings, project } from "./compiled.ts";
import { has, judged, run } from "./judges.ts";

/** Sections and keys of each JoinMarket with their defaults, as test/joinmarket-VERSION.cfg states them. */
const VERSIONS = ["0.9.8", "0.9.11", "0.9.12"];
const known = new Map(
  VERSIONS.map((one) => [one, readFileSync(path.join(project, `test/joinmarket-${one}.cfg`), "utf8")]),
);
const parser = `
import configparser, json, sys
known, own = json.load(sys.stdin)
defaults = configparser.ConfigParser(strict=False)
defaults.read_string(known)
alone = configparser.ConfigParser(strict=False)
alone.read_string(own)
merged = configparser.ConfigParser(strict=False)
merged.read_string(known)
for section in [one for one in merged.sections() if one.startswith("MESSAGING")]:
    merged.remove_section(section)  # as JoinMarket does before it reads the user's
merged.read_string(own)
print(json.dumps([{section: dict(one.items(section)) for section in one.sections()} for one in (defaults, alone, merged)]))
`;
type Sections = Record<string, Record<string, string>>;

describe.skipIf(!has("python3"))(judged("JoinMarket's parser", "python3"), () => {
  const system = (version = "0.9.12", { wallet = "", node = "", gateway = "" } = {}) => `formula: qwbtc
platform: { qubes: "4.2", whonix: 17 }
qubes:
  sys-bitcoin: { role: whonix-gateway${gateway} }
  bitcoin-server: { role: bitcoind, netvm: sys-bitcoin, version: "28.4"${node} }
  joinmarket-server: { role: joinmarketd, netvm: sys-bitcoin, version: "${version}" }
  joinmarket-client:
    { role: joinmarket-wallet, joinmarketd: joinmarket-server, bitcoind: { qube: bitcoin-server, port: 18399 }, version: "${version}"${wallet} }
`;
  const read = (text: string) => {
    const { tree, model } = compiled(text);
    const version = model.qubes.find(({ role }) => role.name === "joinmarket-wallet")?.version ?? "";
    const [, file] = [...tree].find(([name]) => name.endsWith("/joinmarket.cfg")) ?? [];
    const { status, output } = run("python3", ["-c", parser], {
      input: JSON.stringify([known.get(version), file?.text]),
    });
    expect(status, output).toBe(0);
    return JSON.parse(output) as [Sections, Sections, Sections];
  };
  /** All that a topology may choose, at values of their kinds. */
  const everything = `, payjoin: true, snicker: true, settings: { tx_fees: 9000, tx_fees_factor: 0.3, absurd_fee_per_kb: 200000,
      max_sweep_fee_change: 0.5, max_cj_fee_abs: 1000, max_cj_fee_rel: 0.001, minimum_makers: 5, merge_algorithm: greedy, interest_rate: 0.02,
      bondless_makers_allowance: 0.2, bond_value_exponent: 1.4, maker_timeout_sec: 90, unconfirm_timeout_sec: 200, confirm_timeout_hours: 7,
      console_log_level: DEBUG, color: false, min_fee_rate: 1.5, max_additional_fee_contribution: "500", disable_output_substitution: 1,
      lowest_net_gain: -5, polling_interval_minutes: 30, taker_utxo_age: 6, native: true, max_sats_freeze_reuse: 1000 },
      because: { taker_utxo_age: as the makers of a friend ask, native: as it is by default, max_sats_freeze_reuse: many small coins come }`;

  it.each([
    ["the seed", exampleText("seed")],
    ...VERSIONS.map((one) => [`every key of ${one}`, system(one, { wallet: everything })]),
    ...VERSIONS.map((one) => [`${one} on signet`, system(one, { node: ", chain: signet" })]),
  ])(
    "loads joinmarket.cfg of %s: known keys only, none missing that JoinMarket does not add by itself",
    (_name, text) => {
      const [defaults, own, merged] = read(text);
      for (const [section, keys] of Object.entries(own)) {
        for (const key of Object.keys(keys)) expect(Object.keys(defaults[section] ?? {}), section).toContain(key);
      }
      // Sections for messages are taken from the user's file alone, so each must be whole.
      for (const section of ["MESSAGING:onion", "MESSAGING:hackint"]) {
        expect(Object.keys(own[section] ?? {}).toSorted()).toEqual(Object.keys(defaults[section] ?? {}).toSorted());
      }
      expect(Object.keys(merged).toSorted()).toEqual(Object.keys(defaults).toSorted());
      for (const [section, keys] of Object.entries(merged))
        expect(Object.keys(keys).toSorted(), section).toEqual(Object.keys(defaults[section] ?? {}).toSorted());
    },
  );

  it.each(VERSIONS)("%s: payments and messages never meet at one port", (version) => {
    const [, , merged] = read(system(version));
    expect(merged["PAYJOIN"]?.["onion_serving_port"]).not.toBe(merged["MESSAGING:onion"]?.["onion_serving_port"]);
  });

  it("every address that the daemon dials is the gateway's onion-only port, and nothing is in the clear net", () => {
    for (const [text, port] of [
      [exampleText("seed"), "9401"],
      ...VERSIONS.map((one) => [system(one), "9401"] as const),
      [system("0.9.12", { gateway: ", socks: stock" }), "9180"],
    ] as const) {
      const [, own] = read(text);
      for (const [section, keys] of Object.entries(own)) {
        for (const [key, value] of Object.entries(keys)) {
          if (key.endsWith("socks5_host")) expect(value, section).toBe("10.152.152.10");
          if (key.endsWith("socks5_port")) expect(value, section).toBe(port);
          if (key === "host") expect(value).toMatch(/\.onion$/);
        }
      }
      expect(own["MESSAGING:hackint"]?.["socks5"]).toBe("true");
      expect(own["MESSAGING:onion"]?.["hidden_service_dir"]).toBe("");
      for (const node of own["MESSAGING:onion"]?.["directory_nodes"]?.split(",") ?? [])
        expect(node).toMatch(/^[a-z2-7]{56}\.onion:5222$/);
    }
  });

  it.each([
    ["main", "mainnet", "bitcoin-rpc", 5],
    ["test", "testnet", "bitcoin-rpc", 0],
    ["signet", "signet", "bitcoin-rpc", 3],
    ["regtest", "testnet", "regtest", 0],
  ] as const)("chain %s: network, source, directories", (chain, network, source, directories) => {
    const [, own] = read(system("0.9.12", { node: `, chain: ${chain}` }));
    expect(own["BLOCKCHAIN"]).toMatchObject({ network, blockchain_source: source, rpc_port: "18399" });
    expect(own["MESSAGING:onion"]?.["directory_nodes"]?.split(",").length ?? 0).toBe(directories);
    expect(own["MESSAGING:hackint"]).toBeDefined(); // without any way JoinMarket ends
  });

  it("a node by another local port, PayJoin and SNICKER land in the file", () => {
    const [, own] = read(system("0.9.12", { wallet: everything }));
    expect(own["BLOCKCHAIN"]).toMatchObject({ rpc_host: "127.0.0.1", rpc_port: "18399", network: "mainnet" });
    expect(own["SNICKER"]).toMatchObject({ enabled: "true", lowest_net_gain: "-5" });
    expect(own["POLICY"]).toMatchObject({ tx_fees: "9000", max_cj_fee_rel: "0.001", native: "true" });
    expect(own["DAEMON"]).toEqual({ no_daemon: "0", daemon_port: "27183", daemon_host: "127.0.0.1", use_ssl: "false" });
  });

  it("a version before 0.9.12 has a wallet of the old kind, and may import in the old way alone", () => {
    const fileOf = (text: string, end: string) =>
      [...compiled(text).tree].find(([name]) => name.endsWith(end))?.[1].text ?? "";
    const old = system("0.9.8");
    const kind = (text: string) => /^kind = (.*)$/m.exec(fileOf(text, "/watch-wallets.conf"))?.[1];
    expect(kind(old)).toBe("legacy");
    expect(kind(system())).toBe("descriptors");
    const calls = (text: string) => /^rpcwhitelist=joinmarket-client:(.*)$/m.exec(fileOf(text, "/bitcoin.conf"))?.[1];
    expect(calls(old)).toContain("importmulti");
    expect(calls(old)).not.toContain("importdescriptors");
    expect(calls(system())).not.toContain("importmulti");
  });

  it("what the seed's file misspelt is no setting, and the right one is near", () => {
    const names = optionsOf(roleOf("joinmarket-wallet")?.options as OptionSet).map((one) => one.name);
    for (const [wrong, right] of Object.entries({
      bondless_makers_allowange: "bondless_makers_allowance",
      // As near to commitment_list_location, which it meant; neither is for a topology to set.
      commit_list_location: "commit_file_location",
      tcfee_contribution_factor: "txfee_contribution_factor",
      onion_service_host: "onion_serving_host",
    })) {
      expect(names).not.toContain(wrong);
      expect(nearest(wrong, names)).toBe(right);
      expect(findings(system("0.9.12", { wallet: `, settings: { ${wrong}: 1 }` })).length).toBeGreaterThan(0);
    }
  });
});

function roleOf(name: string) {
  return roles.find((one) => one.name === name);
}
