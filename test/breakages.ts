// SPDX-License-Identifier: GPL-3.0-or-later
/** Single mistakes that people make in a topology. Each makes a valid one invalid, or does not fit it and gives nothing. */
import { onionOf } from "./keys.ts";
import type { Entry, MadeUp } from "./made-up.ts";

export interface Breakage {
  readonly what: string;
  /** The codes of which one must be among the findings. */
  readonly codes: readonly string[];
  readonly apply: (topology: MadeUp, pick: number) => MadeUp | undefined;
}

/** Changes one qube of a role that is not elsewhere, if there is one. */
function inQube(
  what: string,
  codes: string | readonly string[],
  role: string,
  change: (entry: Entry, topology: MadeUp) => Entry | undefined,
  fits: (entry: Entry) => boolean = () => true,
): Breakage {
  return {
    what,
    codes: typeof codes === "string" ? [codes] : codes,
    apply: (topology, pick) => {
      const names = Object.keys(topology.qubes).filter((name) => {
        const entry = topology.qubes[name] as Entry;
        return entry["role"] === role && entry["remote"] === undefined && fits(entry);
      });
      const name = names[pick % Math.max(1, names.length)];
      if (name === undefined) return undefined;
      const changed = change(topology.qubes[name] as Entry, topology);
      return changed && { ...topology, qubes: { ...topology.qubes, [name]: changed } };
    },
  };
}

const setting = (name: string, value: unknown) => (entry: Entry) => ({
  ...entry,
  settings: { ...(entry["settings"] as Entry), [name]: value },
});
const key = (name: string, value: unknown) => (entry: Entry) => ({ ...entry, [name]: value });
const without = (name: string) => (entry: Entry) => {
  const { [name]: _gone, ...rest } = entry;
  return rest;
};
const since = (major: number) => (entry: Entry) => Number(String(entry["version"]).split(".")[0]) < major;

const aGateway = ({ qubes }: MadeUp) => Object.keys(qubes).find((name) => qubes[name]?.["role"] === "whonix-gateway");

export const breakages: readonly Breakage[] = [
  // Names and references.
  inQube("a net qube that is not there", "QB301", "bitcoind", key("netvm", "sys-nowhere")),
  inQube("a net qube that is no gateway", "QB305", "bitcoind", key("netvm", "sys-firewall")),
  inQube("a gateway behind Whonix", "QB304", "whonix-gateway", key("netvm", "sys-whonix")),
  inQube("no net qube", "QB202", "bitcoind", without("netvm")),
  inQube("a server that is not there", "QB301", "electrum-wallet", key("server", "nobody")),
  inQube("a node in place of a server", "QB302", "electrum-wallet", (entry, { qubes }) => {
    const node = Object.keys(qubes).find((name) => qubes[name]?.["role"] === "bitcoind");
    return node === undefined ? undefined : { ...entry, server: node };
  }),
  inQube("a wallet with network", "QB208", "electrum-wallet", (entry, { qubes }) => ({
    ...entry,
    netvm: Object.keys(qubes)[0],
  })),
  inQube("a JoinMarket wallet with network", ["QB208", "QB201"], "joinmarket-wallet", key("netvm", "sys-firewall")),
  inQube("no node for a server", "QB202", "fulcrum", without("bitcoind")),
  inQube("a role that does not exist", "QB204", "fulcrum", key("role", "electrs")),
  inQube("a key that does not exist", "QB201", "bitcoind", key("prune", 1000)),
  // Chains and versions.
  inQube("a chain that does not exist", "QB204", "bitcoind", key("chain", "mainnet")),
  inQube("a version that does not exist", "QB204", "bitcoind", key("version", "22.0")),
  inQube("testnet4 on an old node", "QB514", "bitcoind", key("chain", "testnet4"), since(28)),
  inQube("a setting of a later version", "QB214", "bitcoind", setting("v2transport", true), since(26)),
  inQube("an old JoinMarket on a new node", "QB517", "joinmarket-wallet", (entry, { qubes }) => {
    const { bitcoind } = entry;
    const node = qubes[typeof bitcoind === "string" ? bitcoind : String((bitcoind as Entry)["qube"])];
    return node && !since(30)(node) ? { ...entry, version: "0.9.11" } : undefined;
  }),
  inQube(
    "fast-sync on Fulcrum 2",
    "QB214",
    "fulcrum",
    setting("fast-sync", 1000),
    (entry) => entry["version"] === "2.1.1",
  ),
  // Settings.
  ...["onlynet", "proxy", "rpcpassword", "rpcbind", "rest", "listen", "zmqpubrawtx", "wallet", "blocknotify"].map(
    (name) => inQube(`bitcoind's ${name}`, "QB212", "bitcoind", setting(name, "1")),
  ),
  inQube("a misspelt setting", "QB211", "bitcoind", setting("dbcach", 1000)),
  inQube("a clearnet peer", "QB213", "bitcoind", setting("addnode", ["198.51.100.7:8333"])),
  inQube("a value that bitcoind would clamp", "QB213", "bitcoind", setting("par", 99)),
  inQube("a text for a number", "QB213", "bitcoind", setting("dbcache", "450")),
  inQube(
    "a safe default changed without a reason",
    "QB215",
    "bitcoind",
    setting("logips", true),
    (entry) => !("logips" in ((entry["because"] as Entry | undefined) ?? {})),
  ),
  inQube("a reason for nothing", "QB604", "bitcoind", (entry) => ({
    ...entry,
    because: { ...(entry["because"] as Entry), nothing: "there is no such thing" },
  })),
  inQube("caches larger than the memory", "QB515", "bitcoind", setting("dbcache", 16000)),
  inQube(
    "a pruned node without its filters",
    "QB512",
    "bitcoind",
    setting("peerblockfilters", true),
    (entry) => (entry["settings"] as Entry | undefined)?.["blockfilterindex"] !== true,
  ),
  {
    what: "a pruned node below an Electrum server",
    codes: ["QB510"],
    apply: (topology) => {
      const server = Object.values(topology.qubes).find((one) => one["role"] === "fulcrum");
      const node = String(server?.["bitcoind"]);
      const entry = topology.qubes[node];
      return entry && { ...topology, qubes: { ...topology.qubes, [node]: setting("prune", 2000)(entry) } };
    },
  },
  // Qubes' own settings.
  inQube("a volume that cannot hold the chain", "QB501", "bitcoind", key("vm", { private: "10GiB" }), (entry) =>
    ["main", "test", "testnet4", "signet"].includes(String(entry["chain"])),
  ),
  inQube("memory above its maximum", "QB503", "bitcoind", key("vm", { memory: 5000, maxmem: 4500 })),
  inQube("a template chosen by hand", "QB201", "fulcrum", key("vm", { template: "debian-12" })),
  inQube(
    "two servers on one local port",
    "QB412",
    "electrum-wallet",
    (entry) => ({ ...entry, others: [{ qube: entry["server"], port: 50001 }] }),
    (entry) => entry["server"] !== "far-index",
  ),
  // Onion services.
  inQube(
    "proof of work for an address that changes",
    "QB550",
    "bitcoind",
    key("onion", { p2p: "ephemeral", pow: true }),
  ),
  inQube("a network service without an address", "QB551", "bitcoind", key("onion", { p2p: "static", via: "network" })),
  inQube(
    "a mistyped onion address",
    "QB205",
    "bitcoind",
    key("onion", { p2p: "static", address: `${"a".repeat(55)}d.onion` }),
  ),
  inQube("an onion service for nobody in particular", "QB556", "fulcrum", (entry, topology) => ({
    ...entry,
    onion: { gateway: aGateway(topology) },
  })),
  inQube("a client's key that is none", "QB205", "fulcrum", (entry, topology) => ({
    ...entry,
    onion: { gateway: aGateway(topology), clients: { phone: "NOTAKEY" } },
  })),
  inQube("peers through exits without a reason", "QB558", "bitcoind", (entry) => {
    const { tor: _tor, ...because } = (entry["because"] ?? {}) as Entry;
    return { ...entry, tor: "onion-preferred", because };
  }),
  // Servers elsewhere.
  inQube("a node over the LAN", "QB306", "bitcoind", ({ role, netvm }) => ({
    role,
    netvm,
    remote: { host: "192.168.1.2", port: 8332, over: "lan" },
  })),
  inQube("a daemon elsewhere that anybody may command", "QB576", "joinmarketd", ({ role, netvm }) => ({
    role,
    netvm,
    remote: { host: onionOf(7), port: 27183, over: "onion" },
  })),
  inQube("a server elsewhere with settings of its own", "QB307", "bitcoind", (entry) => ({
    ...entry,
    settings: { maxmempool: 100 },
    remote: { host: onionOf(8), port: 8332, over: "onion" },
  })),
  {
    what: "an unknown platform",
    codes: ["QB204"],
    apply: (one) => ({ ...one, platform: { ...one.platform, qubes: "4.1" } }),
  },
  { what: "updates through nobody", codes: ["QB301"], apply: (one) => ({ ...one, updates: "sys-updates" }) },
  { what: "a formula name with a space", codes: ["QB205"], apply: (one) => ({ ...one, formula: "my bitcoin" }) },
];
