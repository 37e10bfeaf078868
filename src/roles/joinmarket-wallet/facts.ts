// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import { atLeast } from "../../software/program.ts";
import { remoteOf } from "../../model/remote.ts";
import { GATEWAY_ADDRESS } from "../../whonix/gateway.ts";
import { gatewayPorts } from "../../whonix/onion-port.ts";
import { chainServed, type ChainName } from "../bitcoind/chains.ts";
import { watchWallet } from "../bitcoind/watch-wallets.ts";
import { linkTo, ownOf } from "./own.ts";

/** What the settings of a wallet follow from. */
export interface WalletFacts {
  readonly version: string;
  readonly chain: ChainName;
  /** The qubes at the other ends of its links, and this end's ports. */
  readonly node: string;
  readonly rpcPort: number;
  readonly daemon: string;
  readonly daemonPort: number;
  /** Whether the daemon is on another machine: what it dials is then seen from there. */
  readonly far: boolean;
  /** The SocksPort for onion services, as the daemon finds it, and whether it takes nothing else. */
  readonly socksHost: string;
  readonly socksPort: number;
  readonly onionOnly: boolean;
  readonly watchWallet: string;
  readonly snicker: boolean;
  /** Where traders find each other over onion services; empty where nobody keeps a directory for the chain. */
  readonly directories: readonly string[];
}

/** tor's own SocksPort, on the machine of a daemon that is elsewhere and is an onion service there (tor(1), SocksPort). */
const TOR_BESIDE = { onion: 9050, onionOnly: false };

/** What a wallet's settings follow from. */
export function walletFacts(qube: Qube): WalletFacts {
  const [rpc, daemon] = [linkTo(qube, "rpc"), linkTo(qube, "daemon")];
  const far = remoteOf(daemon.server) !== undefined;
  const { onion, onionOnly } = far ? TOR_BESIDE : gatewayPorts(daemon.server);
  const chain = chainServed(qube);
  const chosen = qube.settings["directory_nodes"] as readonly string[] | undefined;
  return {
    version: qube.version,
    chain,
    node: rpc.server.name,
    rpcPort: rpc.local,
    daemon: daemon.server.name,
    daemonPort: daemon.local,
    far,
    socksHost: far ? "127.0.0.1" : GATEWAY_ADDRESS,
    socksPort: onion,
    onionOnly,
    watchWallet: watchWallet(qube),
    snicker: ownOf(qube).snicker,
    directories: chosen ?? directoriesOf(chain, qube.version),
  };
}

/** The directories that each version names (src/jmclient/configure.py, directory_nodes), the newest first. */
const DIRECTORIES: readonly { readonly since: string; readonly nodes: readonly string[] }[] = [
  {
    since: "0.9.12",
    nodes: [
      "satoshi2vcg5e2ept7tjkzlkpomkobqmgtsjzegg6wipnoajadissead",
      "jmarketxf5wc4aldf3slm5u6726zsky52bqnfv6qyxe5hnafgly6yuyd",
      "coinjointovy3eq5fjygdwpkbcdx63d7vd4g32mw7y553uj3kjjzkiqd",
      "nakamotourflxwjnjpnrk7yc2nhkf6r62ed4gdfxmmn5f4saw5q5qoyd",
      "odpwaf67rs5226uabcamvypg3y4bngzmfk7255flcdodesqhsvkptaid",
    ],
  },
  {
    since: "0.9.11",
    nodes: [
      "g3hv4uynnmynqqq2mchf3fcm3yd46kfzmcdogejuckgwknwyq5ya6iad",
      "3kxw6lf5vf6y26emzwgibzhrzhmhqiw6ekrek3nqfjjmhwznb2moonad",
      "bqlpq6ak24mwvuixixitift4yu42nxchlilrcqwk2ugn45tdclg42qid",
    ],
  },
  {
    since: "0.9.8",
    nodes: [
      "3kxw6lf5vf6y26emzwgibzhrzhmhqiw6ekrek3nqfjjmhwznb2moonad",
      "jmdirjmioywe2s5jad7ts6kgcqg66rj6wujj6q77n6wbdrgocqwexzid",
      "bqlpq6ak24mwvuixixitift4yu42nxchlilrcqwk2ugn45tdclg42qid",
    ],
  },
];

/** Those of signet, the same in every version; for other test chains nobody keeps any. */
const SIGNET_DIRECTORIES = [
  "rr6f6qtleiiwic45bby4zwmiwjrj3jsbmcvutwpqxjziaydjydkk5iad",
  "k74oyetjqgcamsyhlym2vgbjtvhcrbxr4iowd4nv4zk5sehw4v665jad",
  "y2ruswmdbsfl4hhwwiqz4m3sx6si5fr6l3pf62d4pms2b53wmagq3eqd",
];

function directoriesOf(chain: ChainName, version: string): string[] {
  const main = DIRECTORIES.find(({ since }) => atLeast(version, since))?.nodes ?? [];
  const names = chain === "main" ? main : chain === "signet" ? SIGNET_DIRECTORIES : [];
  return names.map((one) => `${one}.onion:5222`);
}
