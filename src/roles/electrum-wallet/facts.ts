// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Qube } from "../../model/model.ts";
import { chainServed, type ChainName } from "../bitcoind/chains.ts";
import { electrumProtocol } from "../remote/own.ts";

/** What the settings of a wallet follow from. */
export interface WalletFacts {
  readonly chain: ChainName;
  /** The server that it uses unless its user switches, by name, and this end of the link to it. */
  readonly server: string;
  readonly port: number;
  /** How the server is spoken to: plain TCP, or TLS with the certificate that it must show. */
  readonly letter: "t" | "s";
  readonly fingerprint?: string;
  /** Whether the user may switch to another. */
  readonly choice: boolean;
  /** Whether it is Debian that provides the program. */
  readonly packaged: boolean;
}

/** What a wallet's settings follow from. */
export function walletFacts(qube: Qube): WalletFacts {
  const { server, local } = mainServer(qube);
  return {
    chain: chainServed(qube),
    server: server.name,
    port: local,
    ...electrumProtocol(server),
    choice: qube.uses.length > 1,
    packaged: isPackaged(qube),
  };
}

/** The link to the server that a wallet uses unless its user switches. */
export function mainServer(qube: Pick<Qube, "uses">): Link {
  return qube.uses.find((link) => link.key === "server") as Link;
}

/** Whether it is the template's Debian that provides a wallet's Electrum. */
export function isPackaged({ release }: Pick<Qube, "release">): boolean {
  return release?.version === "debian";
}

/** Electrum's word for a chain, which is its folder and behind two dashes its flag; the main chain has neither (electrum/constants.py, NET_NAME). */
export const WORDS: Readonly<Record<ChainName, string>> = {
  main: "",
  test: "testnet",
  testnet4: "testnet4",
  signet: "signet",
  regtest: "regtest",
};

/** The first version that knows testnet4 (electrum/constants.py, BitcoinTestnet4). */
export const TESTNET4_SINCE = "4.5.6";
