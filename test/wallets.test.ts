// SPDX-License-Identifier: GPL-3.0-or-later
/** The wallets' settings, read back by the programs that will read them: Debian's Electrum, and the parser that JoinMarket uses. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import mergeTool from "../formulas/every-qube/merge-json.py";
import { nearest } from "../src/kernel/suggest.ts";
import { roles } from "../src/roles/index.ts";
import { optionsOf, type OptionSet } from "../src/software/option.ts";
import { remoteOf } from "../src/model/remote.ts";
import { compiled, examples, exampleText, findings, project } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "wallets-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const tool = path.join(scratch, "merge-json");
writeFileSync(tool, mergeTool, { mode: 0o755 });
let count = 0;
const fresh = () => path.join(scratch, `home-${count++}`);

const systems = examples.map((name) => ({ name, ...compiled(exampleText(name)) }));
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

  it("without our config_version Electrum would turn to TLS: the trap is real, and this test would see it", () => {
    const [one] = wallets as [(typeof wallets)[number]];
    const folder = electrumFolder(one);
    const config = JSON.parse(readFileSync(path.join(folder, "config"), "utf8")) as Record<string, unknown>;
    delete config["config_version"];
    writeFileSync(path.join(folder, "config"), JSON.stringify(config));
    expect(get(folder, "server")).toMatch(/:s$/);
  });
});

describe("merge-json", () => {
  const merge = (wanted: string, content: string | undefined, ...words: string[]) => {
    const folder = fresh();
    mkdirSync(folder);
    const target = path.join(folder, "deep/config");
    writeFileSync(path.join(folder, "wanted"), `{"always": ${wanted}, "unless set": {"kept": 7}}`);
    if (content !== undefined) {
      mkdirSync(path.dirname(target));
      writeFileSync(target, content);
    }
    const { status } = run(tool, [...words, path.join(folder, "wanted"), target]);
    return { status, text: existsSync(target) ? readFileSync(target, "utf8") : undefined };
  };

  it("--check: yes only where every key has the value and its type; writes nothing", () => {
    const whole = '{"a": true, "b": 1, "kept": 7}';
    expect(merge('{"a": true}', whole, "--check")).toEqual({ status: 0, text: whole });
    expect(merge('{"a": true}', '{"a": true, "kept": "mine"}', "--check").status).toBe(0);
    expect(merge('{"a": true}', '{"a": true}', "--check").status).toBe(1);
    expect(merge('{"a": true}', '{"a": 1, "kept": 7}', "--check").status).toBe(1); // to Python 1 and true are equal
    expect(merge('{"a": 3}', '{"a": 3.0, "kept": 7}', "--check").status).toBe(1);
    expect(merge('{"a": 1}', undefined, "--check")).toEqual({ status: 1, text: undefined });
  });

  it("follows a link that the user made, from wherever it is called", () => {
    const folder = fresh();
    mkdirSync(path.join(folder, "elsewhere"), { recursive: true });
    writeFileSync(path.join(folder, "wanted"), '{"always": {"a": 1}, "unless set": {}}');
    symlinkSync(path.join(folder, "elsewhere/real"), path.join(folder, "config"));
    expect(run("sh", ["-c", `cd ${folder} && ${tool} wanted config`]).status).toBe(0);
    expect(readFileSync(path.join(folder, "elsewhere/real"), "utf8")).toBe('{\n    "a": 1\n}');
    expect(lstatSync(path.join(folder, "config")).isSymbolicLink()).toBe(true);
  });

  it("sets keys and keeps the rest; a file that is no JSON object stays as it is", () => {
    expect(merge('{"b": false}', '{"c": [1], "a": null, "kept": "mine"}')).toEqual({
      status: 0,
      text: '{\n    "a": null,\n    "b": false,\n    "c": [\n        1\n    ],\n    "kept": "mine"\n}',
    });
    expect(merge("{}", "{}").text).toBe('{\n    "kept": 7\n}');
    for (const broken of ["", "{", "[]", '"text"', "\u0000"]) {
      expect(merge('{"a": 1}', broken)).toEqual({ status: 2, text: broken });
      expect(merge('{"a": 1}', broken, "--check")).toEqual({ status: 2, text: broken });
    }
  });
});

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
    expect(fileOf(old, "README.md")).toContain("createwallet wallet_name=joinmarket-client descriptors=false");
    expect(fileOf(system(), "README.md")).toContain("wallet_name=joinmarket-client disable_private_keys=true");
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
