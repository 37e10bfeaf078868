// SPDX-License-Identifier: GPL-3.0-or-later
/** Made-up topologies that are valid, across chains, versions and everything that a qube may have. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { optionsOf, type Kind, type Option } from "../src/software/option.ts";
import { atLeast } from "../src/software/program.ts";
import { knows } from "../src/model/settled.ts";
import type { Role } from "../src/model/role.ts";
import { roles } from "../src/roles/index.ts";
import { clientKeyOf, onionOf } from "./keys.ts";

export type Entry = Record<string, unknown>;
export interface MadeUp {
  readonly formula: string;
  readonly platform: Entry;
  readonly updates?: string;
  readonly qubes: Record<string, Entry>;
}

const name = fc
  .stringMatching(/^[a-z][a-z0-9-]{2,12}$/)
  .filter((one) => !/-dm$|^disp|^default|^none$|^sys-|^whonix-|^fedora-|^debian-|-(?:gw|ws|vm)-|-$/.test(one));

const vm = fc.record(
  {
    label: fc.constantFrom("red", "black", "purple"),
    vcpus: fc.integer({ min: 1, max: 64 }),
    autostart: fc.boolean(),
    include_in_backups: fc.boolean(),
    private: fc.constantFrom("2TiB", "1500GiB"),
    pool: fc.constantFrom("vm-pool", "varlibqubes", "big_disk.2"),
    shutdown_timeout: fc.integer({ min: 630, max: 3600 }),
    tags: fc.uniqueArray(fc.constantFrom("one", "two", "Three_3"), { maxLength: 3 }),
    features: fc.dictionary(fc.constantFrom("x-a", "x.b", "x_c"), fc.stringMatching(/^[A-Za-z0-9._/:-]{0,20}$/), {
      maxKeys: 3,
    }),
  },
  { requiredKeys: [] },
);

/** Settings that must agree with something else than themselves, or that a generator of texts cannot guess. */
const ENTANGLED = new Set(
  "prune txindex connect peerblockfilters coinstatsindex rpcthreads privatebroadcast dbcache maxmempool db_mem worker_threads".split(
    " ",
  ),
);

/** A value that a setting takes, from a number. */
function valueFor(kind: Kind, pick: number): unknown {
  switch (kind.is) {
    case "flag":
      return pick % 2 === 0;
    case "number":
      return kind.also && pick % 5 === 0 ? kind.also[0] : Math.min(kind.max, kind.min + (pick % 7));
    case "choice":
      return kind.of[pick % kind.of.length];
    default:
      return undefined;
  }
}

/** Some settings of a role in a version, with the reasons that guarded ones need. */
function settingsFor(role: Role, version: string, picks: readonly number[]): Entry {
  const open = optionsOf(role.options ?? { program: "", groups: [], flags: ["0", "1"] }).filter(
    (one: Option) =>
      (one.owner === "user" || one.owner === "guarded") && knows(version, one) && !ENTANGLED.has(one.name),
  );
  const chosen = picks.flatMap((pick) => {
    const option = open[pick % Math.max(1, open.length)];
    const value = option && valueFor(option.kind, pick);
    return option && value !== undefined ? [[option, value] as const] : [];
  });
  if (chosen.length === 0) return {};
  const guarded = chosen.filter(([one]) => one.owner === "guarded");
  return {
    settings: Object.fromEntries(chosen.map(([one, value]) => [one.name, value])),
    ...(guarded.length > 0 && {
      because: Object.fromEntries(guarded.map(([one]) => [one.name, "made up for a test"])),
    }),
  };
}

const roleNamed = (wanted: string) => roles.find((one) => one.name === wanted) as Role;
const versionsOf = (wanted: string) => roleNamed(wanted).program?.releases.map((one) => one.version) ?? [];

/** How peers may reach a node, if at all. */
function exposureOf(at: number, pick: number): Entry {
  switch (pick % 6) {
    case 0:
    case 1:
      return { onion: { p2p: "ephemeral" } };
    case 2:
      return {
        onion: { p2p: "static", ...(pick % 4 === 0 && { address: onionOf(pick * 8 + at) }), pow: pick % 3 === 0 },
      };
    case 3:
      return { onion: { p2p: "static", via: "network", ip: `10.137.200.${at + 10}` } };
    default:
      return {};
  }
}

/** What is said of a server that is elsewhere, in place of all else. */
function elsewhereOf(role: string, gate: string, pick: number): Entry {
  const host = onionOf(pick);
  const fingerprint = createHash("sha256").update(host).digest("hex");
  if (role === "fulcrum" && pick % 2 === 0)
    return {
      role,
      netvm: "sys-firewall",
      remote: { host: "192.168.3.7", port: 50002, over: "lan", tls: { fingerprint } },
    };
  const auth = role === "joinmarketd" || pick % 3 === 0;
  const port = { bitcoind: 8332, fulcrum: 50001, joinmarketd: 27183 }[role];
  return { role, netvm: gate, remote: { host, port, over: "onion", ...(auth && { auth }) } };
}

/** The JoinMarket versions that keep a wallet in a node of some version. */
function joinmarketFor(node: string, pick: number): string {
  if (atLeast(node, "28")) return "0.9.12";
  return pick % 2 === 0 ? "0.9.11" : "0.9.8";
}

const CHAINS = ["main", "test", "testnet4", "signet", "regtest"];

/** Keys that depart from a safe default, with their reasons beside those of the settings. */
function withReason(settings: Entry, keys: Entry | false): Entry {
  if (!keys) return settings;
  const reasons = Object.fromEntries(Object.keys(keys).map((one) => [one, "made up for a test"]));
  return { ...settings, ...keys, because: { ...(settings["because"] as Entry), ...reasons } };
}

/** Valid topologies. */
export const madeUp: fc.Arbitrary<MadeUp> = fc
  .record({
    formula: fc.constantFrom("qwbtc", "a", "second-one"),
    release: fc.constantFrom(["4.3", 18] as const, ["4.2", 17] as const, ["4.2", 16] as const),
    gateways: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    nodes: fc.uniqueArray(name, { minLength: 0, maxLength: 4 }),
    vms: fc.array(vm, { minLength: 8, maxLength: 8 }),
    picks: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  })
  .map(({ formula, release: [qubes, whonix], gateways, nodes, vms, picks }) => {
    const pick = (at: number) => picks[at % picks.length] ?? 0;
    const oneOf = <T>(list: readonly T[], at: number) => list[pick(at) % list.length] as T;
    const gates = gateways.map((one) => `gw-${one}`);
    const entries: [string, Entry][] = gates.map((one, at) => [
      one,
      {
        role: "whonix-gateway",
        bridges: pick(at) % 3 === 0 ? "by-hand" : "none",
        socks: pick(at + 2) % 4 === 0 ? "stock" : "own",
        vm: vms[at],
      },
    ]);
    // Each node may have a server and wallets, and any two nodes a wallet that reaches both servers.
    const served = nodes.map((_node, at) => pick(at) % 3 !== 0);
    for (const [at, node] of nodes.entries()) {
      const chain = oneOf(CHAINS, at + 7);
      const versions = versionsOf("bitcoind").filter((one) => chain !== "testnet4" || atLeast(one, "28"));
      const version = oneOf(versions, at + 11);
      const gate = oneOf(gates, at + 3);
      entries.push([
        `n-${node}`,
        {
          role: "bitcoind",
          netvm: gate,
          chain,
          version,
          phase: pick(at + 5) % 2 === 0 ? "sync" : "steady",
          ...exposureOf(at, pick(at + 31)),
          ...withReason(
            settingsFor(roleNamed("bitcoind"), version, picks.slice(at, at + 4)),
            pick(at + 33) % 5 === 0 && { tor: "onion-preferred" },
          ),
          vm: vms[at],
        },
      ]);
      if (!served[at]) continue;
      const next = nodes.findIndex((_node, other) => other > at && served[other] && oneOf(CHAINS, other + 7) === chain);
      const others = next === -1 ? {} : { others: [{ qube: `e-${nodes[next]}`, port: 50100 + at }] };
      const index = oneOf(versionsOf("fulcrum"), at + 13);
      const wallets = versionsOf("electrum-wallet").filter(
        (one) => (chain !== "testnet4" || one === "4.5.8" || one === "4.8.1") && (whonix !== 16 || one !== "debian"),
      );
      entries.push(
        [
          `e-${node}`,
          {
            role: "fulcrum",
            bitcoind: `n-${node}`,
            version: index,
            ...(pick(at + 35) % 4 === 0 && {
              onion: { gateway: gate, clients: { phone: clientKeyOf(at), laptop: clientKeyOf(at + 100) } },
            }),
            ...settingsFor(roleNamed("fulcrum"), index, picks.slice(at + 20, at + 22)),
          },
        ],
        [`w-${node}`, { role: "electrum-wallet", server: `e-${node}`, ...others, version: oneOf(wallets, at + 17) }],
        [`d-${node}`, { role: "downloader", netvm: gates[0] }],
      );
      // JoinMarket knows no testnet4, and its old versions no Python of Debian 13.
      if (chain === "testnet4" || (whonix === 18 && !atLeast(version, "28"))) continue;
      const coins = joinmarketFor(version, pick(at + 19));
      entries.push(
        [`j-${node}`, { role: "joinmarketd", netvm: gate, version: coins }],
        [
          `k-${node}`,
          {
            role: "joinmarket-wallet",
            joinmarketd: `j-${node}`,
            bitcoind: pick(at) % 2 === 0 ? `n-${node}` : { qube: `n-${node}`, port: 20000 + at },
            payjoin: pick(at) % 4 === 1,
            version: coins,
            ...settingsFor(roleNamed("joinmarket-wallet"), coins, picks.slice(at + 24, at + 27)),
          },
        ],
      );
    }
    // Servers that are elsewhere, and who uses them.
    if (pick(36) % 3 === 0) {
      const gate = oneOf(gates, 37);
      entries.push(
        ["far-index", elsewhereOf("fulcrum", gate, pick(38))],
        ["far-wallet", { role: "electrum-wallet", server: "far-index", version: "4.8.1" }],
        ["far-node", elsewhereOf("bitcoind", gate, pick(35))],
        ["far-gate", { role: "whonix-gateway" }],
        ["far-daemon", elsewhereOf("joinmarketd", "far-gate", pick(34))],
        ["far-coins", { role: "joinmarket-wallet", joinmarketd: "far-daemon", bitcoind: "far-node" }],
      );
    }
    return {
      formula,
      platform: { qubes, whonix },
      ...(pick(39) % 2 === 0 && { updates: gates[0] as string }),
      qubes: Object.fromEntries(entries),
    };
  });
