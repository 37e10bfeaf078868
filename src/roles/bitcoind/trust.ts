// SPDX-License-Identifier: GPL-3.0-or-later
import type { Door, Seen, Trust } from "../../model/trust.ts";
import { CHAINS, type ChainName } from "./chains.ts";
import { room } from "./room.ts";
import { ZMQ_PORT } from "./own.ts";

const CONF = /\/\.bitcoin\/bitcoin\.conf$/;
const RPC_PORTS: readonly number[] = Object.values(CHAINS).map(({ ports }) => ports.rpc);

/** Methods that change nothing: what is not one of them does something in the node or by it. */
const ASKS = /^(?:get|list|estimate|verify|test|help$|uptime$|decode|validate|scan)/;
/** Methods by which wallets in the node are read or changed. */
const OF_WALLETS =
  /^(?:getaddress(?:info|esbylabel)|gettransaction|getwalletinfo|getbalances?|getnewaddress|import\w+|list(?:addressgroupings|labels|transactions|unspent|sinceblock)|loadwallet|rescanblockchain)$/;

/** Whether a port of a node is its RPC: with another it announces blocks, or takes peers. */
export function isRpc({ port }: Pick<Door, "port">): boolean {
  return RPC_PORTS.includes(port);
}

/** The methods that a node lets a user of its RPC call; nothing where no list names it (Bitcoin Core src/httprpc.cpp). */
function methodsOf({ client, server }: Pick<Door, "client" | "server">): readonly string[] | undefined {
  const lines = (server.text(CONF) ?? "").split("\n");
  const list = lines.find((line) => line.startsWith(`rpcwhitelist=${client.name}:`));
  return list?.slice(list.indexOf(":") + 1).split(",");
}

/** What a node is trusted with, and what it learns. */
export function nodeTrust(node: Seen): Trust {
  const conf = node.text(CONF) ?? "";
  const exits = conf !== "" && !/^onlynet=onion$/m.test(conf);
  const called = /^bind=.*=onion$/m.test(conf);
  return {
    with: [
      "A true view of the chain: what is a payment, and what is not, is what it says.",
      "Anonymity: it sends your transactions, so it must tell nobody that they are yours.",
      "That it runs: what asks it stands still without it.",
      "No key, unless you make a wallet in it by hand: what clients keep in it knows their addresses and no key.",
    ],
    keeps: { kind: "data", what: "the chain", gib: roomFor(conf) },
    learns: [],
    ifTaken: [
      "could tell whomever it reaches all that it has learnt, from then on and from its disk.",
      "could keep blocks and transactions from who asks it, show others, and drop or hold back what is sent by it.",
    ],
    servedBy: {
      "whonix-gateway": {
        learns: ({ client }) => [
          {
            what: `which peers ${client.name} has and when, and the bytes between them`,
            why: "Its tor makes the connections, and ends their encryption; Bitcoin's own (BIP324) only where both peers have it.",
          },
        ],
        could: ({ client }) => [
          `could cut ${client.name} off, or give it peers of its own alone, which keep back or delay what it should see.`,
        ],
      },
    },
    allows: nodeAllows,
    forStrangers: (port) => port !== ZMQ_PORT && !isRpc({ port }),
    mingles: {
      key: "shared-node",
      why: "Bitcoin Core holds a client to methods and not to one wallet, so whoever takes over one of them sees the other's addresses.",
      clients: (doors) =>
        doors
          .filter((door) => isRpc(door) && (methodsOf(door) ?? []).some((one) => OF_WALLETS.test(one)))
          .map(({ client }) => client.name),
    },
    strangers: [
      {
        who: "peers of the node",
        what: "that there is a node behind Tor, its version, and which transactions it passes on and when: the first who hears of one may guess that it was made here",
        why: "That is what nodes tell each other. Over Tor they do not learn where it is.",
      },
      ...(called
        ? [
            {
              who: "peers that call the node",
              what: "that the node of this onion address runs, and when it does not",
              why: "It takes peers by an onion service.",
            },
          ]
        : []),
      ...(exits
        ? [
            {
              who: "Tor exits",
              what: "that a node is behind them, and what it says to the peers that are reached through them",
              why: "Its settings do not hold it to onion services.",
            },
          ]
        : []),
    ],
  };
}

/** What a client could do with a port of a node. */
export function nodeAllows(door: Door): readonly string[] {
  const { client, server, port, forwards } = door;
  if (port === ZMQ_PORT) return [`could hear of each new block from ${server.name}, and tell it nothing.`];
  if (!isRpc(door)) return [`could talk to ${server.name} as any peer does.`];
  if (forwards)
    return [
      `could call what the list of ${client.name} allows at the node for which ${server.name} stands; that list is kept there, and not known here.`,
    ];
  const methods = methodsOf(door);
  if (!methods)
    return [
      `could try the RPC of ${server.name}, whose settings have no list for it: with a password, it could call everything.`,
    ];
  const does = methods.filter((one) => !ASKS.test(one));
  return [
    `could call the ${methods.length} methods of its list at ${server.name} and no other: it may ask, and do this: ${does.join(", ") || "nothing"}.`,
    ...(methods.includes("sendrawtransaction") ? [`could send any transaction to the network by ${server.name}.`] : []),
    ...(methods.some((one) => OF_WALLETS.test(one))
      ? [
          `could read and change, with these methods, every wallet that is in ${server.name}, other clients' too: Bitcoin Core holds a user to methods and not to one wallet.`,
        ]
      : []),
  ];
}

/** GiB that the chain of a node's settings needs, or what pruning leaves of it. */
function roomFor(conf: string): number {
  const of = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(conf)?.[1];
  const chain = (of("chain") ?? "main") as ChainName;
  const prune = Number(of("prune") ?? 0);
  if (!(chain in CHAINS)) return 1;
  const settings = { ...(prune > 1 && { prune }), ...(of("txindex") === "1" && { txindex: true }) };
  return room({ own: { chain }, settings, serves: [] }).needs;
}
