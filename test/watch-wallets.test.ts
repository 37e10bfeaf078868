// SPDX-License-Identifier: GPL-3.0-or-later
/** The watch-only wallets in a node: made once, never changed, never taken from anybody. On a strict stand-in, and on the real bitcoind where there is one. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { CHAINS, type ChainName } from "../src/roles/bitcoind/chains.ts";
import { DATADIR } from "../src/roles/bitcoind/own.ts";
import { compiled, project } from "./compiled.ts";
import { real, session, withHomes, type Home, type Step } from "./real/session.ts";

const program = path.join(project, "formulas/bitcoind/watch-wallets.py");
const standin = path.join(project, "test/wallets/node.py");
const CONF = "/usr/local/etc/qwbtc-salt/watch-wallets.conf";

const written = (value: object) => stringify(value, { aliasDuplicateObjects: false });

/** A node and two JoinMarket wallets in it. */
function system(version: string, coins: string, chain: ChainName): string {
  const wallet = { role: "joinmarket-wallet", joinmarketd: "jm", bitcoind: "node", version: coins };
  return written({
    formula: "qwbtc",
    platform: { qubes: "4.2", whonix: 17 },
    qubes: {
      "sys-bitcoin": { role: "whonix-gateway" },
      node: { role: "bitcoind", netvm: "sys-bitcoin", chain, version, settings: {} },
      jm: { role: "joinmarketd", netvm: "sys-bitcoin", version: coins },
      "coins-1": wallet,
      "coins-2": { ...wallet, because: { "shared-node": "both are mine" } },
    },
  });
}

interface Node {
  readonly name: string;
  readonly argv: (home: Home, version: string) => string[];
  /** The catalogue's versions of the node that it can be, with those of JoinMarket that fit, and a chain. */
  readonly pairs: readonly (readonly [node: string, coins: string, chain: ChainName])[];
}

const PAIRS = [
  ["31.1", "0.9.12", "main"],
  ["29.4", "0.9.12", "regtest"],
  ["28.4", "0.9.11", "signet"],
  ["23.0", "0.9.8", "main"],
  ["23.0", "0.9.8", "regtest"],
] as const;

function nodes(): Node[] {
  const made: Node = {
    name: "a stand-in",
    pairs: PAIRS,
    argv: (home, version) => [
      "python3",
      standin,
      `-datadir=${home.at(DATADIR)}`,
      `-version=${Number.parseInt(version, 10)}`,
    ],
  };
  const { bitcoind } = real;
  if (!bitcoind) return [made];
  const { stdout } = spawnSync(bitcoind, ["--version"], { encoding: "utf8" });
  const major = /v(\d+)\./.exec(stdout)?.[1] ?? "";
  const pairs = PAIRS.filter(([version]) => version.startsWith(`${major}.`));
  return [made, { name: `bitcoind ${major}`, pairs, argv: (home) => [bitcoind, `-datadir=${home.at(DATADIR)}`] }];
}

/** Writes the node's own files, and gives the steps by which it is asked and the command is run. */
function at(home: Home, text: string, chain: ChainName) {
  const file = [...compiled(text).tree].find(([one]) => one.endsWith(`/files/node${CONF}`))?.[1].text ?? "";
  home.write(CONF, file);
  const { folder, ports } = CHAINS[chain];
  const cookie = home.at(path.join(DATADIR, folder, ".cookie"));
  const call = (method: string, params: unknown = [], wallet?: string): Step => ({
    rpc: { port: ports.rpc, cookie, method, params, ...(wallet !== undefined && { wallet }) },
    within: 60,
  });
  const watch: Step = { run: ["sh", "-c", `python3 -IB ${program} ${home.at(CONF)} 2>&1; echo "exit $?"`] };
  const kept: Step = { run: ["sh", "-c", `cat ${path.join(home.at(DATADIR), folder, "settings.json")}`] };
  return { call, watch, kept };
}

const wanted = (coins: string, chain: ChainName) =>
  coins === "0.9.12"
    ? { descriptors: true, private_keys_enabled: false }
    : { descriptors: false, private_keys_enabled: chain === "regtest" };

describe.each(nodes())("in $name, the watch-only wallets", ({ argv, pairs }) => {
  describe.each(pairs)("of version %s, for JoinMarket %s on %s", (version, coins, chain) => {
    const text = system(version, coins, chain);
    const inside = (work: (home: Home, steps: ReturnType<typeof at>) => void) =>
      withHomes(text, ["node"], ([home]) => home && work(home, at(home, text, chain)));
    const [good, made] = ["coins-1: is there\ncoins-2: is there\nexit 0\n", "coins-1: made\ncoins-2: made\nexit 0\n"];
    const start = (home: Home) => ({ argv: argv(home, version) });

    it("are made once, of the right kind, and are there again when the node starts anew", () => {
      inside((home, { call, watch, kept }) => {
        const infos = ["coins-1", "coins-2"].map((name) => call("getwalletinfo", [], name));
        const first = session([start(home)], [call("uptime"), watch, kept, ...infos, watch, kept]);
        expect(first.results[1], first.logs[0]).toBe(made);
        for (const info of first.results.slice(3, 5)) expect(info.result).toMatchObject(wanted(coins, chain));
        expect(first.results[5]).toBe(good);
        expect(first.results[6]).toBe(first.results[2]);
        const later = session([start(home)], [call("listwallets"), watch, kept]);
        expect(later.results[0]?.result).toEqual(["coins-1", "coins-2"]);
        expect(later.results[1]).toBe(good);
        expect(JSON.parse(later.results[2] ?? "")).toEqual(JSON.parse(first.results[2] ?? ""));
      });
    });

    it("are loaded again, for good, where somebody unloaded one", () => {
      inside((home, { call, watch, kept }) => {
        const gone = call("unloadwallet", { wallet_name: "coins-2", load_on_startup: false });
        const { results } = session([start(home)], [call("uptime"), watch, kept, gone, watch, kept, watch]);
        expect(results[4]).toBe("coins-1: is there\ncoins-2: was there, and is loaded from now on\nexit 0\n");
        expect(results[6]).toBe(good);
        const names = (one: unknown) => (JSON.parse(String(one)) as { wallet: string[] }).wallet.toSorted();
        expect(names(results[5])).toEqual(names(results[2]));
      });
    });

    it("are not taken from anybody: one that could spend stays as it is, loaded or not", () => {
      const spends = { descriptors: coins === "0.9.12" };
      // On regtest the old kind has keys, so there the wrong one is without.
      const other = { ...spends, disable_private_keys: wanted(coins, chain).private_keys_enabled };
      inside((home, { call, watch, kept }) => {
        const before = call("createwallet", { wallet_name: "coins-1", ...other });
        const hidden = call("unloadwallet", { wallet_name: "coins-1" });
        const steps = [
          call("uptime"),
          before,
          watch,
          call("listwallets"),
          kept,
          hidden,
          watch,
          call("listwallets"),
          kept,
        ];
        const { results } = session([start(home)], steps);
        for (const said of [results[2], results[6]]) {
          expect(said).toContain("error: the node has a wallet coins-1 that is not the one for coins-1: it has");
          expect(said).toMatch(/^coins-2: (?:made|is there)$/m);
          expect(said).toMatch(/exit 2\n$/);
        }
        expect(results[3]?.result).toEqual(["coins-1", "coins-2"]);
        expect(results[7]?.result).toEqual(["coins-2"]);
        for (const one of [results[4], results[8]])
          expect(JSON.parse(one ?? "")).toMatchObject({ wallet: ["coins-2"] });
      });
    });
  });
});

describe("the watch-only wallets", () => {
  const text = system("31.1", "0.9.12", "main");
  const start = (home: Home, ...more: string[]) => ({
    argv: ["python3", standin, `-datadir=${home.at(DATADIR)}`, ...more],
  });
  const inside = (work: (home: Home, steps: ReturnType<typeof at>) => void) =>
    withHomes(text, ["node"], ([home]) => home && work(home, at(home, text, "main")));

  it("wait for a node that is not up yet, and for one that is still loading", () => {
    inside((home, { watch }) => {
      const late: Step = { run: ["sh", "-c", `python3 -IB ${program} ${home.at(CONF)} >${home.at("/said")} 2>&1 &`] };
      const { results } = session([], [late, { start: start(home, "-warmup=2") }, { run: ["sleep", "7"] }, watch]);
      expect(results[3]).toBe("coins-1: is there\ncoins-2: is there\nexit 0\n");
    });
  });

  it("say what is wrong where the node runs without wallets, and where nothing was configured", () => {
    inside((home, { call, watch }) => {
      home.write(`${DATADIR}/bitcoin.conf`, "disablewallet=1\n[main]\n");
      const nothing: Step = { run: ["sh", "-c", `python3 -IB ${program} /nonexistent 2>&1; echo "exit $?"`] };
      const { results } = session([start(home)], [call("uptime"), watch, nothing]);
      expect(results[1]).toMatch(/^error: the node runs without wallets\n {2}why: .*\n {2}fix: .*\nexit 2\n$/);
      expect(results[2]).toMatch(/^error: \/nonexistent cannot be used: .*\n {2}why: .*\n {2}fix: .*\nexit 2\n$/);
    });
  });

  it("are asked for in nodes that have clients with wallets alone, on the port and by the cookie of their chain", () => {
    const { tree } = compiled(system("31.1", "0.9.12", "regtest"));
    const file = [...tree].find(([one]) => one.endsWith(`/files/node${CONF}`))?.[1].text ?? "";
    expect(file).toMatch(/^port = 18443$/m);
    expect(file).toMatch(/^cookie = \/home\/bitcoin\/\.bitcoin\/regtest\/\.cookie$/m);
    expect(file.match(/^\[wallet (.*)\]$/gm)).toEqual(["[wallet coins-1]", "[wallet coins-2]"]);
    const alone = compiled(
      written({
        formula: "qwbtc",
        platform: { qubes: "4.2", whonix: 17 },
        qubes: { gw: { role: "whonix-gateway" }, node: { role: "bitcoind", netvm: "gw" } },
      }),
    );
    const texts = [...alone.tree].filter(([one]) => /\/(?:qubes|node)\.sls$/.test(one)).map(([, { text: one }]) => one);
    // Switched on nowhere; what an earlier topology left is removed.
    expect(texts.filter((one) => one.includes("watch-wallets"))).toEqual([expect.stringContaining("file.absent")]);
  });
});
