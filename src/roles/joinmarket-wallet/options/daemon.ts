// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { WalletFacts } from "../facts.ts";
import { COOKIE } from "../own.ts";

export const DEFAULTS = "JoinMarket src/jmclient/configure.py, defaultconfig";
const { follows, never } = ownersFor<WalletFacts>(DEFAULTS);

const secret = "name and password lie in a file of their own, so that this one holds no secret";

/** Where the daemon is. */
export const daemon: OptionGroup<WalletFacts> = {
  heading: (facts) => `The daemon is in ${facts.daemon}, over qrexec.`,
  section: "DAEMON",
  options: [
    follows("no_daemon", "the key `joinmarketd`", "Whether the daemon runs in the same process.", {
      default: "1",
      ours: () => 0,
      why: "No daemon in this qube, which has no network.",
    }),
    follows("daemon_port", "the key `joinmarketd`", "Where the daemon answers.", {
      default: "27183",
      ours: ({ daemonPort }) => daemonPort,
      why: (facts) => `This end of the link to ${facts.daemon}. PayJoin is looked for 2000 below, SNICKER 1000 below.`,
      source: "JoinMarket scripts/joinmarketd.py",
    }),
    follows("daemon_host", "the key `joinmarketd`", "Where the daemon answers.", {
      default: "localhost",
      ours: () => "127.0.0.1",
      why: "The link listens on this qube's loopback.",
    }),
    never("use_ssl", "qrexec is no network", {
      ours: () => "false",
      why: "qrexec is no network; any other text would mean yes.",
    }),
  ],
};

/** The network of each chain, as JoinMarket calls it; of regtest it says testnet, with a source of its own. */
const NETWORKS = { main: "mainnet", test: "testnet", testnet4: "testnet", signet: "signet", regtest: "testnet" };

/** Where the node is, and which chain it has. */
export const blockchain: OptionGroup<WalletFacts> = {
  heading: (facts) => `The node is ${facts.node}; this wallet asks it itself, for the daemon knows no node.`,
  section: "BLOCKCHAIN",
  options: [
    follows("blockchain_source", "the node's key `chain`", "How it learns of the chain.", {
      ours: ({ chain }) => (chain === "regtest" ? "regtest" : "bitcoin-rpc"),
      why: "Bitcoin Core, with a wallet in it that watches the addresses of this one.",
    }),
    follows("network", "the node's key `chain`", "The chain.", {
      default: "mainnet",
      ours: ({ chain }) => NETWORKS[chain],
      why: ({ node, chain }) =>
        chain === "regtest"
          ? `The chain of ${node} is regtest, which is called testnet here; the source above tells them apart.`
          : `The chain of ${node}.`,
    }),
    follows("rpc_host", "the key `bitcoind`", "Where the node answers.", {
      default: "localhost",
      ours: () => "127.0.0.1",
      why: "The link listens on this qube's loopback.",
    }),
    follows("rpc_port", "the key `bitcoind`", "Where the node answers.", {
      ours: ({ rpcPort }) => rpcPort,
      why: (facts) => `This end of the link to the RPC of ${facts.node}.`,
    }),
    never("rpc_user", secret),
    never("rpc_password", secret, {
      says: ["InterpolationSyntaxError: '%' must be followed by '%' or '('"],
    }),
    follows("rpc_cookie_file", "dom0's pillar, from which the file comes", "The file with name and password.", {
      ours: () => COOKIE,
      why: "Name and password in a file of their own, so that this one holds no secret. It counts before rpc_user and rpc_password.",
      says: [
        "RPC connection to Bitcoin Core was not established (a line break at the file's end is taken for a part of the password)",
      ],
      source: "JoinMarket src/jmclient/configure.py, _get_bitcoin_rpc_credentials",
    }),
    follows("rpc_wallet_file", "nothing: it is named after the qube", "The wallet in the node.", {
      ours: (facts) => facts.watchWallet,
      why: (facts) =>
        `The watch-only wallet in ${facts.node}, made by hand once (see the runbook). The node learns this wallet's addresses and balance, never its keys.`,
      source: "JoinMarket docs/USAGE.md",
    }),
  ],
};
