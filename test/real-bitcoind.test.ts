// SPDX-License-Identifier: GPL-3.0-or-later
/** The real bitcoind on the generated bitcoin.conf, unchanged: on every chain, with every setting, with clients that may call their lists alone. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { knows } from "../src/model/settled.ts";
import { optionsOf, type Option } from "../src/software/option.ts";
import { bitcoinCore } from "../src/software/bitcoin-core.ts";
import { atLeast } from "../src/software/program.ts";
import { CHAINS, chain as chainEntry, type ChainName } from "../src/roles/bitcoind/chains.ts";
import { clientsOf } from "../src/roles/bitcoind/facts.ts";
import { options } from "../src/roles/bitcoind/options/index.ts";
import { CONF, DATADIR } from "../src/roles/bitcoind/own.ts";
import { rpcauthFile } from "../src/roles/bitcoind/rpc-access.ts";
import { onionOf } from "./keys.ts";
import { passwordOf, rpcauthLine } from "./pillar.ts";
import { needing, real, session, withHomes, type Home, type Report, type Step } from "./real/session.ts";

const bitcoind = real.bitcoind ?? "";
const name = (text: string) => needing(text, "QWBTC_BITCOIND");
const test = it.skipIf(!real.bitcoind);

/** The version of the catalogue that the binary is of, or stands nearest to. */
let version = "";
beforeAll(() => {
  if (!real.bitcoind) return;
  const { stdout } = spawnSync(bitcoind, ["--version"], { encoding: "utf8" });
  const major = Number(/v(\d+)\./.exec(stdout)?.[1]);
  const near = [...bitcoinCore.releases].toSorted(
    (a, b) => Math.abs(Number.parseInt(a.version, 10) - major) - Math.abs(Number.parseInt(b.version, 10) - major),
  );
  version = near[0]?.version ?? "";
});

/** The JoinMarket of old nodes, which needs an older Python than the template's. */
const oldCoins = () => ({ version: "0.9.11", because: { python: "an older one is brought along" } });

/** A system of node, Electrum server and JoinMarket wallet, with keys of one's own for the node. */
function system(chain: string, node: object = {}): string {
  const coins = () => (Number.parseInt(version, 10) >= 28 ? { version: "0.9.12" } : oldCoins());
  return stringify({
    formula: "qwbtc",
    platform: { qubes: "4.3", whonix: 18 },
    qubes: {
      "sys-bitcoin": { role: "whonix-gateway" },
      "bitcoin-server": {
        role: "bitcoind",
        netvm: "sys-bitcoin",
        chain,
        version,
        onion: { p2p: "ephemeral" },
        ...node,
      },
      "electrum-server": { role: "fulcrum", bitcoind: "bitcoin-server" },
      ...(chain !== "testnet4" && {
        "joinmarket-server": { role: "joinmarketd", netvm: "sys-bitcoin", ...coins() },
        "joinmarket-client": {
          role: "joinmarket-wallet",
          ...coins(),
          joinmarketd: "joinmarket-server",
          bitcoind: "bitcoin-server",
        },
      }),
    },
  });
}

/** Starts bitcoind on what lies in a home, as the unit does, and asks as its owner, with the cookie. */
function started(home: Home, chain: ChainName, steps: readonly Step[]): Report {
  return session(
    [{ argv: [bitcoind, `-datadir=${home.at(DATADIR)}`] }],
    [owner(home, chain, "uptime", [], 60), ...steps],
  );
}

function owner(home: Home, chain: ChainName, method: string, params: unknown[] = [], within = 0): Step {
  const { folder, ports } = CHAINS[chain];
  const cookie = home.at(path.join(DATADIR, folder, ".cookie"));
  return { rpc: { port: ports.rpc, cookie, method, params }, within };
}

function as(user: string, chain: ChainName, method: string, params: unknown[] = []): Step {
  return { rpc: { port: CHAINS[chain].ports.rpc, user, password: passwordOf(user), method, params } };
}

/** What is no fault of the configuration: there is no Tor here, no systemd, no room for a chain; and testnet3 is on its way out. */
const EXCUSED = /Error connecting|systemd-notify|runCommand error|Disk space for|Support for testnet3 is deprecated/;

/** Lines of a log that say that something in the configuration is not as it was meant. */
function complaints(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => /Ignoring unknown|not recognized|only applied|warning|error|deprecated/i.test(line))
    .filter((line) => !EXCUSED.test(line));
}

describe.each(Object.keys(CHAINS) as ChainName[])("bitcoind on the chain %s", (chain) => {
  test(name("starts on the generated file, knows every line of it, and listens where it says"), () => {
    if (!atLeast(version, chainEntry(chain).since ?? "0")) return; // refused: bad/settings-by-version.yaml
    withHomes(system(chain), ["bitcoin-server"], ([home]) => {
      if (!home) return;
      const { ports } = CHAINS[chain];
      const asked = ["getblockchaininfo", "getnetworkinfo", "getzmqnotifications"].map((one) =>
        owner(home, chain, one),
      );
      const { results, codes, logs } = started(home, chain, [...asked, { listening: true }]);
      const [, blocks, network, zmq, listening] = results;
      expect(complaints(logs[0] ?? "")).toEqual([]);
      expect(codes).toEqual([0]);
      expect(blocks?.result).toMatchObject({ chain });
      const { networks } = (network?.result ?? {}) as {
        networks: { name: string; reachable: boolean; proxy: string }[];
      };
      expect(networks.filter((one) => one.reachable).map((one) => one.name)).toEqual(["onion"]);
      for (const one of networks.filter((each) => ["onion", "ipv4"].includes(each.name)))
        expect(one.proxy).toBe("10.152.152.10:9401");
      expect(zmq?.result).toMatchObject([{ type: "pubhashblock", address: "tcp://127.0.0.1:8433" }]);
      expect([...(listening ?? [])].toSorted()).toEqual(
        [`0.0.0.0:${ports.onion}`, "127.0.0.1:8433", `127.0.0.1:${ports.rpc}`].toSorted(),
      );
    });
  });
});

test(name("lets each client call its list and nothing else, its owner everything, and nobody who has left"), () => {
  withHomes(system("regtest"), ["bitcoin-server"], ([home], { model }) => {
    if (!home) return;
    const node = model.qubes.find((one) => one.name === "bitcoin-server");
    const clients = node ? clientsOf(node) : [];
    expect(clients.map((one) => one.name)).toEqual(["electrum-server", "joinmarket-client"]);
    const steps = clients.flatMap(({ name: user, methods }) => methods.map((method) => as(user, "regtest", method)));
    const denied = clients.flatMap(({ name: user }) =>
      ["stop", "dumptxoutset", "addnode", "createwallet", "setban"].map((method) => as(user, "regtest", method)),
    );
    home.write(path.join(DATADIR, rpcauthFile("gone")), rpcauthLine("gone"));
    const others = [as("gone", "regtest", "uptime"), owner(home, "regtest", "help")];
    const { results } = started(home, "regtest", [...steps, ...denied, ...others]);
    for (const answer of results.slice(1, 1 + steps.length)) expect(answer.status).not.toBe(403);
    for (const answer of results.slice(1 + steps.length, -2)) expect(answer.status).toBe(403);
    expect(results.at(-2)?.status).toBe(401);
    const help = String(results.at(-1)?.result);
    // An older node does not know what a newer Fulcrum asks of a newer one; a list may name it all the same.
    for (const method of clients.flatMap((one) => one.methods).filter((one) => one !== "submitpackage"))
      expect(help, method).toMatch(new RegExp(`^${method}\\b`, "m"));
    // Were the line that is left read, it would be a user without a list, who may call everything.
    home.write(CONF, `includeconf=${rpcauthFile("gone")}\n${readFileSync(home.at(CONF), "utf8")}`);
    const asked = started(home, "regtest", [as("gone", "regtest", "clearbanned")]);
    expect(asked.results[1]?.status).toBe(200);
  });
});

test(name("takes nothing from the user's own file that stands in ours, but adds to lists, as the file says"), () => {
  withHomes(system("regtest"), ["bitcoin-server"], ([home]) => {
    if (!home) return;
    home.write(
      `${DATADIR}/bitcoin.conf.local`,
      "proxy=127.0.0.1:1\nnatpmp=1\n[regtest]\nproxy=127.0.0.1:2\nrpcport=19000\nonlynet=ipv4\n",
    );
    const { results } = started(home, "regtest", [owner(home, "regtest", "getnetworkinfo")]);
    const { networks } = (results[1]?.result ?? {}) as {
      networks: { name: string; reachable: boolean; proxy: string }[];
    };
    // Its RPC was found at the port of ours; onlynet is a list, and proxy since version 30.
    expect(networks.find((one) => one.name === "onion")).toMatchObject({ proxy: "10.152.152.10:9401" });
    expect(networks.find((one) => one.name === "ipv4")).toMatchObject({
      reachable: true,
      proxy: Number.parseInt(version, 10) >= 30 ? "127.0.0.1:1" : "10.152.152.10:9401",
    });
  });
});

/** Values at both ends of what a setting takes. */
function ends({ kind }: Option): unknown[] {
  switch (kind.is) {
    case "flag":
      return [true, false];
    case "number":
      return [kind.min, kind.max, ...(kind.also ?? [])];
    case "choice":
      return [...kind.of];
    default:
      return [];
  }
}

const SAMPLES: Readonly<Record<string, unknown[]>> = {
  maxuploadtarget: ["500M", "2g"],
  addnode: [[onionOf(1), `${onionOf(2)}:8333`]],
  seednode: [[onionOf(3)]],
  connect: [[onionOf(4)]],
  uacomment: ["mine"],
  assumevalid: ["0"],
  debug: [["net", "tor", "rpc"]],
};
/** What a setting needs beside it. */
const BESIDE: Readonly<Record<string, object>> = {
  peerblockfilters: { blockfilterindex: true },
  connect: { privatebroadcast: false },
};

test(name("starts with each setting that a topology may choose, at both ends of what it takes"), () => {
  const open = optionsOf(options).filter((one) => one.owner === "user" || one.owner === "guarded");
  const option = (key: string) => open.find((one) => one.name === key) as Option;
  const isKnown = ([key]: readonly [string, unknown]) => knows(version, option(key));
  const rounds = Math.max(...open.map((one) => (SAMPLES[one.name] ?? ends(one)).length));
  // One start for the first values of all, one for the second, and so on; what excludes others has a start of its own.
  const alone = new Set(["prune", "connect", "coinstatsindex", "txindex"]);
  const tries = Array.from({ length: rounds }, (_, at) =>
    open
      .filter((one) => !alone.has(one.name))
      .flatMap((one) => {
        const values = SAMPLES[one.name] ?? ends(one);
        return values.length === 0 ? [] : [[one.name, values[at % values.length]] as const];
      }),
  ).concat([...alone].map((one) => [[one, (SAMPLES[one] ?? ends(option(one)))[0]] as const]));
  for (const chosen of tries) {
    const known = chosen.filter(isKnown);
    const beside = Object.assign({}, ...known.map(([key]) => BESIDE[key] ?? {})) as Record<string, unknown>;
    const settings = Object.fromEntries([...Object.entries(beside), ...known].filter(isKnown));
    const because = Object.fromEntries(
      Object.keys(settings)
        .filter((key) => option(key).owner === "guarded")
        .map((key) => [key, "tried out here"]),
    );
    const text = stringify({
      formula: "qwbtc",
      platform: { qubes: "4.3", whonix: 18 },
      qubes: {
        "sys-bitcoin": { role: "whonix-gateway" },
        "bitcoin-server": {
          role: "bitcoind",
          netvm: "sys-bitcoin",
          chain: "regtest",
          version,
          vm: { maxmem: 40_000, private: "100GiB" },
          settings,
          because,
        },
      },
    });
    withHomes(text, ["bitcoin-server"], ([home]) => {
      if (!home) return;
      const { results, logs } = started(home, "regtest", []);
      expect(results[0], `${JSON.stringify(settings)}\n${logs[0]}`).toMatchObject({ status: 200 });
      expect(complaints(logs[0] ?? ""), JSON.stringify(settings)).toEqual([]);
    });
  }
});
