// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../../kernel/tree.ts";
import type { Qube } from "../../model/model.ts";
import { atLeast } from "../../software/program.ts";
import { gatewayPorts, type GatewayPorts } from "../../whonix/onion-port.ts";
import { CHAINS, type ChainName } from "./chains.ts";
import { linksTo, ownOf, wanted, type Own } from "./own.ts";

/** What the settings of a node follow from. */
export interface NodeFacts {
  readonly version: string;
  readonly chain: ChainName;
  readonly ports: (typeof CHAINS)[ChainName]["ports"];
  /** MiB that the qube may have, and its processors. */
  readonly maxmem: number;
  readonly vcpus: number;
  readonly phase: "sync" | "steady";
  readonly tor: "onion-only" | "onion-preferred";
  readonly proxies: GatewayPorts;
  readonly onion: Own["onion"];
  /** Whether clients want the index of transactions, or a wallet in the node; and one of the old kind. */
  readonly txindex: boolean;
  readonly wallet: boolean;
  readonly legacyWallet: boolean;
  readonly zmq: boolean;
  /** The qubes that use its RPC, each with the methods that its program calls. */
  readonly clients: readonly { readonly name: string; readonly methods: readonly string[] }[];
  /** Connections to its RPC that its clients keep open, and one for bitcoin-cli. */
  readonly connections: number;
  /** What the topology chose. */
  readonly chosen: Qube["settings"];
}

/** What a node's settings follow from. */
export function nodeFacts(node: Qube): NodeFacts {
  const { chain, phase, tor, onion } = ownOf(node);
  return {
    version: node.version,
    chain,
    ports: CHAINS[chain].ports,
    maxmem: node.vm.maxmem.value,
    vcpus: node.vm.vcpus.value,
    phase,
    tor,
    proxies: gatewayPorts(node),
    onion,
    txindex: wanted(node, "txindex"),
    wallet: wanted(node, "wallet"),
    legacyWallet: linksTo(node, "rpc").some(({ client }) => needsLegacyWallet(client)),
    zmq: linksTo(node, "zmq").length > 0,
    clients: clientsOf(node),
    connections:
      1 + linksTo(node, "rpc").reduce((sum, { reference, client }) => sum + (reference.connections?.(client) ?? 1), 0),
    chosen: node.settings,
  };
}

/** Whether a client keeps a wallet of the old kind in its node: JoinMarket before 0.9.12 (its wallet service knows no descriptors). */
export function needsLegacyWallet(client: Qube): boolean {
  return client.role.program?.name === "JoinMarket" && !atLeast(client.version, "0.9.12");
}

/** The qubes that use its RPC, each with the methods that its program calls. */
export function clientsOf(node: Qube): NodeFacts["clients"] {
  const methods = new Map<string, Set<string>>();
  for (const { client, reference } of linksTo(node, "rpc")) {
    const calls = typeof reference.calls === "function" ? reference.calls(client) : (reference.calls ?? []);
    methods.set(client.name, new Set([...(methods.get(client.name) ?? []), ...calls]));
  }
  return [...methods]
    .map(([name, calls]) => ({ name, methods: [...calls].toSorted(inCOrder) }))
    .toSorted((a, b) => inCOrder(a.name, b.name));
}
